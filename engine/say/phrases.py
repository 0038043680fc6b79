"""Fixed phrases of the report in both languages."""

from __future__ import annotations

from collections.abc import Callable

from engine.say.other_phrases import OTHERS

# English phrase or key → (Indonesian, English).
_PHRASES: dict[str, tuple[str, str]] = {
    "assessed on": ("penilaian per", "assessed on"),
    "Class": ("Kelas", "Class"),
    "not settled yet": ("belum dapat ditetapkan", "not settled yet"),
    "still possible": ("yang masih mungkin", "still possible"),
    "axis x": ("kekuatan dan kelemahan", "strengths and weaknesses"),
    "axis y": ("peluang dan ancaman", "opportunities and threats"),
    "axis empty": ("Belum ada temuan tentang {axis}.", "There are no findings on {axis} yet."),
    "axis near": (
        "Perbatasan: selisih {axis} hanya {difference}; baru di atas {band} dihitung melebihi.",
        "Borderline: {axis} differ by only {difference}; more than {band} is needed to count as outweighing.",
    ),
    "check again": ("Periksa ulang sebelum memutuskan.", "Check again before deciding."),
    "borderline": (
        "Kelas ini di perbatasan: selisih salah satu sumbu kecil.",
        "This class is borderline: one axis is near its border.",
    ),
    "Also supporting": ("Juga mengarah ke kelas ini", "Also pointing to this class"),
    "stated": ("menurut keterangan lisan", "as stated"),
    "document": ("menurut dokumen", "by document"),
    "not_known": ("sudah ditanyakan", "asked for"),
    "refused": ("tidak dijawab", "answer refused"),
    "verified": ("sudah diverifikasi", "verified"),
    "Recommended pattern": ("Pola yang disarankan", "Recommended pattern"),
    "Recommended patterns": ("Pola yang disarankan, sama baiknya", "Recommended patterns, equally good"),
    "may still change": ("masih dapat berubah", "may still change"),
    "best for all possible": (
        "Ini yang terbaik untuk semua kelas yang masih mungkin.",
        "It is the best for every class still possible.",
    ),
    "none yet": ("belum ada; masih menunggu fakta yang kurang", "none yet; facts are still missing"),
    "none by law": (
        "tidak ada; aturan yang berlaku pada hari itu tidak menentukannya",
        "none; the rules in force on that day do not settle it",
    ),
    "nothing else is sure": (
        "Belum ada pola lain yang pasti bisa dijalankan.",
        "No other pattern is sure to be possible yet.",
    ),
    "What the choice of pattern waits for": ("Yang ditunggu pemilihan pola", "What the choice of pattern waits for"),
    "pattern can change": (
        "{number} fakta lain yang belum diketahui dapat mengubah pola yang disarankan. Tanyakan dulu yang termudah:",
        "{number} other facts that are not known can change the recommended pattern. Ask the easiest first:",
    ),
    "none at all": ("tidak ada", "none"),
    "no partner": ("belum disebutkan", "not named yet"),
    "Partner": ("Mitra", "Partner"),
    "Source": ("Sumber", "Source"),
    "since": ("berlaku sejak", "in force since"),
    "report": ("diketahui dari laporan, naskahnya belum dibaca", "known from a report, text not read"),
    "memory": ("belum diverifikasi", "not verified"),
    "no source in force": ("tidak ada sumber yang berlaku", "no source in force"),
    "What decides the class": ("Yang menentukan kelas", "What decides the class"),
    "Findings that weigh most so far": ("Temuan terberat sejauh ini", "Findings that weigh most so far"),
    "Also needed": (
        "Yang juga menentukan, karena temuan buruk tidak muncul",
        "Also needed, because they keep findings silent",
    ),
    "findings silent": ("temuan tidak muncul", "findings stay silent"),
    "What speaks against it": ("Yang berbicara sebaliknya", "What speaks against it"),
    "Strengths − weaknesses": ("Kekuatan − kelemahan", "Strengths − weaknesses"),
    "Opportunities − threats": ("Peluang − ancaman", "Opportunities − threats"),
    "IE cell": ("sel IE", "IE cell"),
    "only to compare": (
        "hanya pembanding; kelas mengikuti kedua selisih.",
        "for comparison only; the class follows the two differences.",
    ),
    "Scores": ("Skor", "Scores"),
    "What is not known": ("Yang belum diketahui", "What is not known"),
    "every finding is settled": (
        "Tidak ada temuan yang menunggu fakta.",
        "No finding waits for a fact.",
    ),
    "unknown cannot change": (
        "{number} fakta yang menyangkut temuan belum diketahui; apa pun jawabannya, kelas tidak berubah.",
        "{number} facts that findings rest on are not known; whatever the answers, the class does not change.",
    ),
    "unknown can change": (
        "{number} fakta yang belum diketahui dapat mengubah kelas. Tanyakan dulu yang termudah:",
        "{number} facts that are not known can change the class. Ask the easiest first:",
    ),
    "and more": ("dan {number} lainnya", "and {number} more"),
    "Patterns": ("Semua pola", "All patterns"),
    "Pattern": ("Pola", "Pattern"),
    "rank": ("urutan", "rank"),
    "Possible because": ("Bisa dijalankan karena", "Possible because"),
    "no requirement": ("tidak ada syarat", "no requirement"),
    "Principle": ("Prinsip", "Principle"),
    "holds": ("terpenuhi", "holds"),
    "fails": ("tidak terpenuhi", "fails"),
    "cannot be told": ("belum dapat dinilai", "cannot be told yet"),
    "Partner's duty": ("Kewajiban mitra", "Partner's duty"),
    "Firm's duty": ("Kewajiban usaha", "Firm's duty"),
    "The agreement must hold": ("Isi perjanjian", "The agreement must hold"),
    "Law": ("Dasar", "Basis"),
    "Under the law of the day": ("Menurut aturan pada hari penilaian", "Under the law of the day"),
    "needs": ("perlu diketahui", "needs"),
    "no rule": ("tidak ada aturan yang berlaku pada hari itu", "no rule is in force on that day"),
    "Fostering": ("Pembinaan", "Fostering"),
    "weight": ("Bobot", "Weight"),
    "intensity": ("Intensitas", "Intensity"),
    "priority": ("Prioritas", "Priority"),
    "duration": ("Jangka waktu", "Duration"),
    "Development": ("Jalan perkembangan", "The way on"),
    "Review on": ("Tinjauan berikutnya", "Next review"),
    "Signs of progress": ("Tanda kemajuan", "Signs of progress"),
    "First": ("Lebih dahulu", "First"),
    "no such day": ("di luar penanggalan", "beyond the calendar"),
    "nothing to foster": (
        "Tidak direncanakan selama tidak ada pola yang terbuka; yang menghalangi disebut pada pola dan peringatan.",
        "Nothing is planned while no pattern is open; the patterns and the cautions say what stands in the way.",
    ),
    "short report": ("dari laporan", "from a report"),
    "on text": ("naskah", "texts read"),
    "on report": ("laporan", "reports"),
    "on memory": ("ingatan", "memory"),
    "on assumption": ("asumsi", "assumptions"),
    "rest of the answer": ("Selebihnya bersandar pada yang berikut.", "The rest stands on the following."),
    "step": ("langkah {number}", "step {number}"),
    "more actions": (
        "Dan {number} tindakan lain pada langkah ini, untuk temuan lebih ringan; semuanya ada dalam --format json.",
        "And {number} more actions of this step, for lighter findings; all of them are in --format json.",
    ),
    "identify": ("kenali potensi dan masalah", "identify potential and problems"),
    "prepare": ("siapkan program", "prepare the programme"),
    "carry_out": ("laksanakan", "carry out"),
    "monitor": ("pantau dan kendalikan", "monitor and control"),
    "Strategies": ("Strategi", "Strategies"),
    "Programme": ("Program pembinaan", "Programme"),
    "only after knowing": ("baru bila diketahui", "only once these are known:"),
    "Cautions": ("Peringatan", "Cautions"),
    "rests on": (
        "Dari {total} temuan, {text} bersandar pada naskah yang dibaca, {report} pada laporan, {memory} pada ingatan, "
        "dan {assumption} pada asumsi.",
        "Of {total} findings, {text} rest on texts read, {report} on reports, {memory} on memory and {assumption} on "
        "assumptions.",
    ),
    "Rules": ("Aturan", "Rules"),
    "reading": ("bacaan", "reading"),
    "Decided by": ("Diputuskan oleh", "Decided by"),
    "Answerable for the assumptions": ("Penanggung jawab asumsi", "Answerable for the assumptions"),
    "why holds": ("{what} berlaku", "{what} holds"),
    "why fails": ("{what} tidak berlaku", "{what} does not hold"),
    "why open": ("{what} belum dapat ditetapkan", "{what} is not settled"),
    "because": ("karena", "because"),
    "findings that hold": ("Temuan yang muncul", "Findings that hold"),
    "findings that stay silent": (
        "Temuan yang tidak muncul, menurut fakta yang membuatnya begitu",
        "Findings that stay silent, by the fact that keeps them so",
    ),
    "facts awaited": (
        "Fakta yang belum diketahui dan dapat mengubah kelas",
        "Facts that are not known and can change the class",
    ),
    "silent": ("tidak muncul", "silent"),
    "not in force": ("tidak berlaku pada hari itu", "not in force on that day"),
    "rule": ("aturan", "rule"),
    "form head": (
        "Formulir kosong. Isi sesudah titik dua; kosong berarti belum ditanya, 'tidak diketahui' dan 'tidak dijawab' "
        "pun jawaban. Untuk mencatat bukti: {value: ..., grade: stated|document|verified}.",
        "A blank form. Write after the colon; empty means not asked; 'not known' and 'refused' are answers. To note "
        "evidence: {value: ..., grade: stated|document|verified}.",
    ),
    "form partner": (
        "Mitra. Bila faktanya sudah ada dalam berkas mitra, ganti bagian ini dengan: partner: jalur/berkas.yaml",
        "The partner. Where a partner file holds its facts already, put in place of this part: partner: path/file.yaml",
    ),
    "form firm": ("Nama usaha", "Name of the firm"),
    "evidence": ("Bukti", "Evidence"),
    "firm": ("Ditanyakan kepada usaha", "To ask the firm"),
    "partner": ("Ditanyakan kepada mitra", "To ask the partner"),
    "field_officer": ("Dilihat petugas di lapangan", "For the officer to see on site"),
    "public_record": ("Dari catatan publik", "From public records"),
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
}


def phrase(lang: str) -> Callable[[str], str]:
    """A lookup of fixed phrases in one language."""
    place = 0 if lang == "id" else 1
    return lambda key: (_PHRASES if key in _PHRASES else OTHERS)[key][place]
