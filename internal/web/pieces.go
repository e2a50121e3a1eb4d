package web

import (
	"errors"
	"net/http"

	"lienthong/internal/fault"
	"lienthong/internal/upload"
)

// pieceRoutes take files of forms in pieces, over lines that break: lines.js speaks tus
// 1.0.0 with them. The form that is sent afterwards names each file as one that is kept.
func (s *Server) pieceRoutes() {
	for _, pattern := range []string{"OPTIONS /uploads", "POST /uploads", "HEAD /uploads/{file}", "PATCH /uploads/{file}", "DELETE /uploads/{file}"} {
		s.handle(pattern, s.pieces)
	}
}

// pieces answers one request of the protocol; a refusal is one sentence, which the page
// puts beside its file.
func (s *Server) pieces(w http.ResponseWriter, r *http.Request) error {
	v := upload.Receiver{DB: s.DB, Files: s.Blobs, Log: s.Log}
	err := v.Serve(w, r, about(r).session.Officer, "/uploads", r.PathValue("file"))
	kind := fault.Kind(err)
	if err == nil || kind == nil || kind == fault.Busy {
		return err
	}
	status := statusOf(err)
	if errors.Is(err, upload.ErrProtocol) {
		status = http.StatusPreconditionFailed
	}
	http.Error(w, sentence(err, "Không tìm thấy tệp đang gửi."), status)
	return nil
}
