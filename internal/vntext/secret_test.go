package vntext

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestSecretMark(t *testing.T) {
	for text, want := range map[string]string{
		"MẬT":                          Secret,
		"Kính gửi\n  TỐI MẬT  \nSố: 5": HighSecret,
		"TUYỆT MẬT":                    TopSecret,
		"* MẬT *":                      Secret,
		"M Ậ T":                        Secret,
		"T Ố I   M Ậ T":                HighSecret,
		"Tối mật":                      HighSecret,
		"tuyệt Mật":                    TopSecret,
		"TOI MAT":                      HighSecret,
		"UBND TỈNH PHÚ THỌ      TỐI MẬT      CỘNG HÒA": HighSecret,
		"UBND TỈNH | MẬT | Số: 05":                     Secret,
		"TỐI MẬT BÁO CÁO TÌNH HÌNH":                    HighSecret,
		"MẬT Số: 05/BC-UBND":                           Secret,
		"Báo cáo số 5 (Mật) gửi Sở":                    Secret,
		"Độ mật: Tối mật":                              HighSecret,
		"ĐỘ MẬT: MẬT":                                  Secret,
		"Mức độ mật - tuyệt mật":                       TopSecret,
		"Do mat: Toi mat":                              HighSecret,
		"Độ mật:\nMật":                                 Secret,
		"Dấu chỉ độ mật: Mật":                          Secret,
		"MẬT\r\nrồi\r\nTUYỆT MẬT":                      TopSecret,

		"bí mật kinh doanh của doanh nghiệp":               "",
		"BÍ MẬT KINH DOANH":                                "",
		"mật ong rừng":                                     "",
		"MẬT ONG RỪNG HY CƯƠNG":                            "",
		"mật độ dân số: 1.200 người/km2":                   "",
		"MẬT ĐỘ XÂY DỰNG":                                  "",
		"Mật khẩu: đã đổi":                                 "",
		"MẬT KHẨU":                                         "",
		"Gạo\nmật\nngô":                                    "",
		"bảo vệ bí mật nhà nước":                           "",
		"DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TỐI MẬT":              "",
		"Văn bản đóng dấu MẬT thì gửi thế nào?":            "",
		"Độ mật: Không":                                    "",
		"Độ mật của văn bản do người ký quyết định":        "",
		"Tôi mất giấy tờ":                                  "",
		"TÔI MẤT":                                          "",
		"Mặt trận Tổ quốc":                                 "",
		"không chứa bí mật nhà nước":                       "",
		"Phân loại tuyệt mật, tối mật và mật theo quy chế": "",
		"": "",
	} {
		for _, form := range []string{text, norm.NFD.String(text)} {
			if mark, found := SecretMark(form); mark != want || found != (want != "") {
				t.Errorf("SecretMark(%q) = %q, %v; want %q", form, mark, found, want)
			}
		}
	}
}

func TestSecretMarkInName(t *testing.T) {
	for name, want := range map[string]string{
		"bao cao toi mat.docx":   HighSecret,
		"tuyet_mat.pdf":          TopSecret,
		"BC-TOI-MAT-2026.pdf":    HighSecret,
		"BaoCaoToiMat.pdf":       HighSecret,
		"toimat.pdf":             HighSecret,
		"Công văn Tối mật 5.pdf": HighSecret,
		"CV 12 (MẬT).pdf":        Secret,
		"CV 12 (mat).pdf":        Secret,
		"van_ban_MAT.pdf":        Secret,
		"văn bản mật.pdf":        Secret,
		"mật_05.pdf":             Secret,

		"mat ong.pdf":            "",
		"mật ong.pdf":            "",
		"mật độ dân số.xlsx":     "",
		"bí mật kinh doanh.docx": "",
		"bao mat.docx":           "",
		"MẬT KHẨU.txt":           "",
		"Mat tran To quoc.pdf":   "",
		"MAT TRAN.pdf":           "",
		"tôi mất giấy tờ.docx":   "",
		"ra mat.pdf":             "",
		"anh.jpg":                "",
	} {
		for _, form := range []string{name, norm.NFD.String(name)} {
			if mark, found := SecretMarkInName(form); mark != want || found != (want != "") {
				t.Errorf("SecretMarkInName(%q) = %q, %v; want %q", form, mark, found, want)
			}
		}
	}
}
