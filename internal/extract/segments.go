package extract

// segments cuts an item where another lead or another day begins.
func (r *reader) segments(it *item, ctx context) []segment {
	t := it.toks
	var out []segment
	dated := false
	for _, s := range sentences(t) {
		parts := r.ordersOf(t, s, ctx, len(out) == 0)
		if len(parts) == 0 || parts[0].from > s.from && len(out) > 0 {
			parts = append([]segment{{from: s.from}}, parts...)
		}
		for k, p := range parts {
			p.to = s.to
			if k+1 < len(parts) {
				p.to = max(parts[k+1].order.sign, p.from)
				for p.to > p.from && (assignAt(t, p.to-1) > 0 || oneOf(t, p.to-1, ";", ",", "giao", "cầu", "nghị", "yêu", "đề", "và", "cho")) {
					p.to--
				}
			}
			// a date or rhythm of its own makes a sentence a task of its own, unless it only
			// reports on the one before
			m, has := choose(r.timesOf(t, p))
			has = has && !m.words
			n := len(out)
			switch {
			case n == 0 || p.own && !r.sameLead(it, out[n-1], p): // another body: another task
				out = append(out, p)
				dated = has
			case has && !p.own && (!reportsBack(t[p.from:p.to]) || dated && assignAt(t, skipConnectors(t, p.from)) > 0 || oneOf(t, p.from, "riêng")):
				p.order = out[n-1].order
				p.order.content, p.order.timed = p.from, false
				p.own = out[n-1].own
				p.from = skipConnectors(t, p.from)
				out = append(out, p)
				dated = true
			default: // more of the same task
				out[n-1].to = p.to
				dated = dated || has
			}
		}
	}
	for i := 1; i < len(out); i++ {
		out[i].begin = min(out[i-1].to, out[i].from)
	}
	return out
}

// ordersOf are the parts of a sentence by whom they tell.
func (r *reader) ordersOf(t []token, s stretch, ctx context, first bool) []segment {
	var out []segment
	// where a heading or an earlier sentence has said who, only what clearly names
	// somebody else is a new order
	strict, from := len(ctx.lead) > 0 || !first, s.from
	if o := towards(t[:s.to], s.from); first && o.ok() {
		return []segment{{order: o, from: o.content, own: true}}
	}
	plain := r.orderAt(t[:s.to], s.from)
	if o := r.afterOpening(t[:s.to], s.from); o.ok() && !plain.ok() && (!strict || !first && o.verb && o.namesAll(t) || first && !ctx.heading && (o.verb || !o.list[0].group)) {
		// who is told stands behind "Về …," or "Trên cơ sở …,"
		out = append(out, segment{order: o, from: o.content, own: true})
		strict, from = true, o.content
	} else if o := plain; o.ok() && !o.heading && !(o.unknown && ctx.heading) && (first || splits(t, o)) && !(ctx.heading && o.verb && o.list[0].group && !o.issuer) && !(ctx.plan && !o.verb && (o.list[0].group || o.list[0].role)) {
		out = append(out, segment{order: o, from: o.content, own: true})
		strict, from = true, o.content
	}
	if len(out) == 0 && first {
		if o := r.titled(t[:s.to], s.from); o.ok() {
			out = append(out, segment{order: o, from: o.content, own: true})
			from = o.content
		}
	}
	inner := r.innerOrders(t, from, s.to, strict, len(out) > 0 && out[0].order.verb)
	if len(out) == 0 && len(inner) > 0 && len(ctx.lead) > 0 && (oneOf(t, inner[0].sign-1, ";") || inner[0].sign < inner[0].open) {
		out = append(out, segment{from: s.from}) // what stands before is the inherited lead's
	}
	for _, o := range inner {
		out = append(out, segment{order: o, from: o.content, own: true})
	}
	if len(out) > 1 && len(ctx.lead) == 0 && !out[0].order.ok() {
		out = out[1:]
	}
	return out
}

// timesOf are the times of a segment, the one before its body included; tokens are the item's.
func (r *reader) timesOf(t []token, s segment) []moment {
	a, front := s.from, 0
	if s.own && s.order.timed {
		a, front = s.order.open, s.order.front
	}
	return shifted(timesBehind(t[a:max(a, s.to)], front, r.day, false), a)
}

// shifted counts the tokens of times from the beginning of the item, a tokens before.
func shifted(all []moment, a int) []moment {
	for i := range all {
		all[i].from += a
		all[i].to += a
	}
	return all
}

// towards reads "Đối với các phòng khám: Niêm yết …": whom it is for, a colon, the order.
func towards(t []token, i int) order {
	if !is(t, i, "đối", "với") {
		return order{}
	}
	list, end := bodiesAt(t, i+2)
	k := brackets(t, end)
	if len(list) == 0 || list[0].bare(t) || !oneOf(t, k, ":") || k+1 >= len(t) || !t[k+1].cap || predicates.at(t, k+1) == 0 {
		return order{}
	}
	return order{list: list, from: i + 2, to: end, content: k + 1}
}

// titled reads an item with a title of its own: "Chế độ báo cáo: Các đơn vị báo cáo …",
// "Đối với các dự án vướng mắc: UBND các xã tập trung …". It speaks to the bodies behind the colon.
func (r *reader) titled(t []token, i int) order {
	for k := i + 1; k < len(t) && k < i+25; k++ {
		if oneOf(t, k, ";", "(", ".") {
			break
		}
		if !oneOf(t, k, ":") {
			continue
		}
		o := r.orderAt(t, k+1)
		if o.ok() && !o.heading && !o.list[0].bare(t) && t[o.from].cap && (strong.at(t, o.content) > 0 || is(t, o.from, "các") && predicates.at(t, o.content) > 0) && !public(t, o) {
			return o
		}
		break
	}
	return order{}
}

// splits tells that a later sentence speaks to a body, not about one.
func splits(t []token, o order) bool {
	if o.verb || o.issuer {
		return true
	}
	if o.list[0].group && !oneOf(t, o.from, "các") {
		return false
	}
	return !o.list[0].group || strong.at(t, o.content) > 0 && !oneOf(t, o.content, "không", "đã", "phải", "theo", "được") && !public(t, o)
}

// public tells of groups outside the administration: citizens, organisations.
func public(t []token, o order) bool {
	for k := o.from; k < o.to; k++ {
		if oneOf(t, k, "nhân", "hộ", "dân", "cán", "viên") || is(t, k, "tổ", "chức") {
			return true
		}
	}
	return false
}

// sameLead tells that two parts of an item tell the same body.
func (r *reader) sameLead(it *item, a, b segment) bool {
	if !a.order.ok() || !b.order.ok() {
		return false
	}
	x, y := names(it.m, it.toks, a.order.list), names(it.m, it.toks, b.order.list)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if low(x[i]) != low(y[i]) {
			return false
		}
	}
	return true
}
