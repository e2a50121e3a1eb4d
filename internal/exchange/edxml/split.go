package edxml

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
)

// bodyTag is the element whose text is a file in base64.
const bodyTag = "ContentTransferEncoded"

// A splitter passes the XML of a packet on and takes the files out of it while it goes
// by: the XML decoder would hold each file whole in memory.
type splitter struct {
	r     *bufio.Reader
	out   bytes.Buffer // XML that waits to be read
	limit Limits
	files []File // bodies in the order of the text
	total int64  // bytes passed so far
	err   error
}

// Read implements io.Reader over the XML without the files.
func (s *splitter) Read(p []byte) (int, error) {
	for s.out.Len() == 0 && s.err == nil {
		s.err = s.next()
	}
	if s.out.Len() > 0 {
		return s.out.Read(p)
	}
	return 0, s.err
}

// next moves one piece of text or one tag from the packet to out.
func (s *splitter) next() error {
	piece, err := s.r.ReadSlice('<')
	if err != nil {
		s.out.Write(piece)
		if err == bufio.ErrBufferFull {
			return nil
		}
		return err
	}
	s.out.Write(piece)
	if ahead, _ := s.r.Peek(3); string(ahead) == "!--" {
		return s.until("-->")
	}
	if ahead, _ := s.r.Peek(8); string(ahead) == "![CDATA[" {
		return s.until("]]>")
	}
	start := s.out.Len()
	for {
		piece, err = s.r.ReadSlice('>')
		s.out.Write(piece)
		if err == nil {
			break
		}
		if err != bufio.ErrBufferFull {
			return err
		}
		if s.out.Len()-start > 1<<20 {
			return damaged("edXML", "một thẻ dài quá mức")
		}
	}
	if isBody(s.out.Bytes()[start:]) {
		return s.body()
	}
	return nil
}

// until passes everything up to an end mark.
func (s *splitter) until(mark string) error {
	last := mark[len(mark)-1]
	for {
		piece, err := s.r.ReadSlice(last)
		s.out.Write(piece)
		if err != nil && err != bufio.ErrBufferFull {
			return err
		}
		if bytes.HasSuffix(s.out.Bytes(), []byte(mark)) {
			return nil
		}
		if int64(s.out.Len()) > s.limit.Header {
			return damaged("edXMLHeader", "dài quá mức nhận")
		}
	}
}

// isBody says whether a tag opens the element of a file, in whatever prefix.
func isBody(tag []byte) bool {
	if len(tag) < 2 || tag[0] == '/' || tag[len(tag)-2] == '/' {
		return false
	}
	name := tag[:len(tag)-1]
	if i := bytes.IndexAny(name, " \t\r\n"); i >= 0 {
		name = name[:i]
	}
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return string(name) == bodyTag
}

// body decodes the text up to the next tag into a spool.
func (s *splitter) body() error {
	if len(s.files) >= s.limit.Files {
		return damaged("AttachmentEncoded", "có quá %d tệp", s.limit.Files)
	}
	f := File{}
	var to io.Writer = io.Discard
	if s.limit.Keep != nil {
		spool, err := s.limit.Keep()
		if err != nil {
			return err
		}
		f.Body, to = spool, spool
	}
	text := &base64Text{r: s.r}
	n, err := io.Copy(to, io.LimitReader(base64.NewDecoder(base64.StdEncoding, text), s.limit.File+1))
	if err != nil {
		return damaged("AttachmentEncoded", "nội dung tệp thứ %d không đúng base64", len(s.files)+1)
	}
	if s.total += n; n > s.limit.File || s.total > s.limit.Total {
		return damaged("AttachmentEncoded", "tệp thứ %d lớn quá mức nhận", len(s.files)+1)
	}
	f.Size = n
	s.files = append(s.files, f)
	return nil
}

// base64Text reads the text up to the next tag, without spaces, CDATA marks apart.
type base64Text struct {
	r   *bufio.Reader
	end bool
}

// Read implements io.Reader.
func (b *base64Text) Read(p []byte) (n int, err error) {
	for n == 0 && !b.end {
		if _, err := b.r.Peek(1); err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		ahead, _ := b.r.Peek(min(len(p), b.r.Buffered()))
		if i := bytes.IndexByte(ahead, '<'); i >= 0 {
			ahead = ahead[:i]
			b.end = i == 0
		}
		for _, c := range ahead {
			if c > ' ' && c != ']' && c != '>' { // line breaks, and the end of a CDATA
				p[n] = c
				n++
			}
		}
		if _, err := b.r.Discard(len(ahead)); err != nil {
			return n, err
		}
		if b.end {
			b.end = !b.cdata()
		}
	}
	if n == 0 && b.end {
		return 0, io.EOF
	}
	return n, nil
}

// cdata goes past the mark of a CDATA, in which some systems put their files.
func (b *base64Text) cdata() bool {
	if ahead, _ := b.r.Peek(9); string(ahead) != "<![CDATA[" {
		return false
	}
	_, err := b.r.Discard(9)
	return err == nil
}
