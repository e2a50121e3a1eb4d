package web

import (
	"lienthong/internal/db"
	"lienthong/internal/exchange"
	"lienthong/internal/inbox"
	"lienthong/internal/org"
	"lienthong/internal/web/ui"
)

// countUpTo bounds what the rail counts: beyond it a badge says "99+".
const countUpTo = 100

// rail returns the lists that stand beside every page for an officer, with what waits
// in each. What an officer may not open is not on it.
func rail(tx *db.Tx, who org.Actor) (items []ui.NavItem, err error) {
	open, missed, err := inbox.Waiting(tx, who, countUpTo)
	if err != nil {
		return nil, err
	}
	unread, err := inbox.Told(tx, who, countUpTo)
	if err != nil {
		return nil, err
	}
	items = append(items,
		ui.NavItem{Label: "Việc của tôi", Href: "/", Count: open, Late: missed, Main: true},
		ui.NavItem{Label: "Thông báo", Href: "/notices", Count: unread, Main: true})
	var raises, leads, admin bool
	for _, p := range who.Posts {
		u, err := org.UnitOf(tx, p.Unit)
		if err != nil {
			return nil, err
		}
		raises = raises || u.Commune() && p.Role != org.Admin
		leads = leads || p.Role == org.Leader || p.Role == org.Desk
		admin = admin || p.Role == org.Admin
	}
	if raises {
		items = append(items, ui.NavItem{Label: "Nêu kiến nghị", Short: "Nêu", Href: "/petitions/new", Main: true})
	}
	items = append(items, ui.NavItem{Label: "Văn bản chỉ đạo", Short: "Chỉ đạo", Href: "/directives"}, ui.NavItem{Label: "Theo dõi nhiệm vụ", Short: "Nhiệm vụ", Href: "/tracker"})
	items = append(items, ui.NavItem{Label: "Sự cố, việc liên xã", Short: "Sự cố", Href: "/su-co"})
	items = append(items, ui.NavItem{Label: "Kiến nghị", Href: "/petitions", Main: !raises || !leads})
	if leads {
		items = append(items, ui.NavItem{Label: "Nhóm vấn đề", Short: "Nhóm", Href: "/groups"}, ui.NavItem{Label: "Bảng điều hành", Short: "Bảng", Href: "/board", Main: true})
	}
	if exchange.Works(who) {
		c, err := exchange.Count(tx, who, countUpTo)
		if err != nil {
			return nil, err
		}
		items = append(items, ui.NavItem{Label: "Văn bản liên thông", Short: "Liên thông", Href: "/exchange", Count: c.Waiting + c.Alarms, Late: c.Alarms > 0})
	}
	items = append(items, ui.NavItem{Label: "Kho giải đáp", Short: "Giải đáp", Href: "/bank"}, ui.NavItem{Label: "Đợt thu thập", Short: "Đợt", Href: "/campaigns"}, ui.NavItem{Label: "Chương trình công tác", Short: "Lịch", Href: "/programme"}, ui.NavItem{Label: "Danh bạ đầu mối", Short: "Danh bạ", Href: "/danh-ba"}, ui.NavItem{Label: "Tìm kiếm", Href: "/search"}, ui.NavItem{Label: "Quy chế", Href: "/regulations", Apart: true})
	if admin || who.Root {
		items = append(items, ui.NavItem{Label: "Quản trị", Href: "/admin", Apart: true})
	}
	return items, nil
}
