package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"lienthong/internal/filter"
)

// bearer names the one way in within the document.
const bearer = "token"

// describe writes the OpenAPI document of the routes.
func describe(routes []route, version string) ([]byte, error) {
	if version == "" {
		version = "0"
	}
	reg := huma.NewMapRegistry("#/components/schemas/", schemaName)
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Liên thông", Version: version, Description: "Giao diện lập trình của hệ thống Liên thông. " +
			"Mỗi yêu cầu mang mã truy cập của một cán bộ và có đúng quyền của người ấy. Lỗi trả về theo RFC 9457, bằng tiếng Việt."},
		Components: &huma.Components{
			Schemas: reg,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				bearer: {Type: "http", Scheme: "bearer", Description: "Mã truy cập, tạo bằng lệnh: lienthong token new --officer ID"},
			},
		},
		Tags: []*huma.Tag{{Name: tagPetition}, {Name: tagPaper}, {Name: tagCase}, {Name: tagReading}, {Name: tagNode}},
	}
	for i := range routes {
		doc.AddOperation(operation(&routes[i], reg))
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("describe the routes: %w", err)
	}
	return raw, nil
}

// schemaName turns raiseIn into Raise and Petition into Petition, as readers of the
// document expect; what a list holds names the list.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if cut, ok := strings.CutSuffix(name, "In"); ok {
		return cut + "Request"
	}
	return strings.TrimSuffix(name, "Out")
}

// operation describes one route from its line in the table; nothing is said twice.
func operation(rt *route, reg huma.Registry) *huma.Operation {
	op := &huma.Operation{
		Method: rt.method, Path: rt.path, OperationID: rt.id, Summary: rt.say, Tags: []string{rt.tag},
		Responses: map[string]*huma.Response{}, Security: []map[string][]string{{bearer: {}}},
	}
	if rt.open {
		op.Security = []map[string][]string{}
	}
	op.Parameters = parameters(rt)
	if rt.in != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: reg.Schema(rt.in, true, rt.id+"Request")}}}
	}
	// the one route whose body is no JSON
	if rt.id == "upload" {
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {
			Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: "string", Format: "binary"}}}}}}
	}
	ok := &huma.Response{Description: http.StatusText(rt.status)}
	switch {
	case rt.media != "":
		ok.Content = map[string]*huma.MediaType{rt.media: {Schema: &huma.Schema{Type: "string"}}}
	case rt.out != nil:
		ok.Content = map[string]*huma.MediaType{"application/json": {Schema: reg.Schema(rt.out, true, rt.id)}}
	}
	ok.Headers = headers(rt)
	op.Responses[strconv.Itoa(rt.status)] = ok
	for _, status := range rt.failures() {
		op.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status), Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: reg.Schema(reflect.TypeFor[Problem](), true, "Problem")}}}
	}
	return op
}

// text is the schema of what has no other form than letters.
func text() *huma.Schema { return &huma.Schema{Type: "string"} }

// parameters are the path's id, the query's filters and the headers a route takes.
func parameters(rt *route) (all []*huma.Param) {
	if strings.Contains(rt.path, "{id}") {
		all = append(all, &huma.Param{Name: "id", In: "path", Required: true, Description: "mã 26 chữ; không phải mã theo dõi",
			Schema: &huma.Schema{Type: "string", Pattern: "^[0-9a-v]{26}$"}})
	}
	if strings.Contains(rt.path, "{name}") {
		all = append(all, &huma.Param{Name: "name", In: "path", Required: true, Schema: text()})
	}
	for i := range rt.query {
		all = append(all, parameter(&rt.query[i]))
	}
	if !rt.open {
		all = append(all, &huma.Param{Name: PostHeader, In: "header", Description: "chức danh dùng để làm việc này, khi giữ nhiều chức danh", Schema: text()})
	}
	if rt.write {
		all = append(all, &huma.Param{Name: "Idempotency-Key", In: "header", Schema: text(),
			Description: "khóa chống gửi trùng: cùng khóa, cùng nội dung thì chỉ làm một lần; cùng khóa, khác nội dung thì 422"})
		if rt.versioned {
			all = append(all, &huma.Param{Name: "If-Match", In: "header", Schema: text(), Description: "ETag của lần xem trước; đã thay đổi thì 412, kèm cả hai bản"})
		}
	}
	return all
}

// parameter describes a condition of an address: what it may hold, as far as a schema can say it.
func parameter(q *filter.Condition) *huma.Param {
	p := &huma.Param{Name: q.Name, In: "query", Description: q.Label, Schema: &huma.Schema{Type: cmp.Or(q.Shape.Type, "string"), Format: q.Shape.Format, Pattern: q.Shape.Pattern}}
	if q.Say != "" {
		p.Description += ": " + q.Say
	}
	if q.Shape.Type == "integer" {
		low, high := float64(q.Shape.Min), float64(q.Shape.Max)
		p.Schema.Minimum, p.Schema.Maximum = &low, &high
	}
	for _, v := range q.Values() {
		p.Schema.Enum = append(p.Schema.Enum, v)
	}
	if q.Many {
		p.Schema = &huma.Schema{Type: "array", Items: p.Schema}
	}
	return p
}

// headers are those of a success.
func headers(rt *route) map[string]*huma.Param {
	all := map[string]*huma.Param{}
	if rt.versioned || rt.write {
		all["ETag"] = &huma.Param{Description: "phiên bản", Schema: text()}
	}
	if rt.write {
		all["Idempotency-Replayed"] = &huma.Param{Description: "true khi yêu cầu này đã làm từ trước và nay chỉ đọc lại", Schema: text()}
	}
	if (rt.status == http.StatusCreated || rt.status == http.StatusAccepted) && rt.write {
		all["Location"] = &huma.Param{Description: "địa chỉ của mục vừa tạo", Schema: text()}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// failures are the refusals that a route can come back with.
func (rt *route) failures() (all []int) {
	if !rt.open {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden)
	}
	all = append(all, http.StatusTooManyRequests, http.StatusInternalServerError)
	if strings.Contains(rt.path, "{") {
		all = append(all, http.StatusNotFound)
	}
	if rt.in != nil || len(rt.query) > 0 {
		all = append(all, http.StatusUnprocessableEntity)
	}
	if rt.in != nil {
		all = append(all, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable)
		if rt.versioned {
			all = append(all, http.StatusPreconditionFailed)
		}
	}
	return all
}
