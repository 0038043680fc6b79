"""Fixed phrases of the report in both languages."""

from __future__ import annotations

from collections.abc import Callable

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
    "side": ("sisi", "side"),
    "text": ("faktor", "factor"),
    "weight of row": ("bobot", "weight"),
    "rating": ("rating", "rating"),
    "score": ("skor", "score"),
    "printed": ("tercetak", "printed"),
    "size": ("besar", "size"),
    "reversed gravest": ("1 paling berat", "1 is the gravest"),
    "magnitude gravest": ("4 paling berat", "4 is the gravest"),
    "reversed size": ("bobot × (5 − rating)", "weight × (5 − rating)"),
    "magnitude size": ("bobot × rating", "weight × rating"),
    "reading of ratings": (
        "Rating kelemahan dan ancaman dibaca dengan anggapan {gravest} (--ratings {ratings}): besarnya {size}.",
        "Ratings of weaknesses and threats are read so that {gravest} (--ratings {ratings}): their size is {size}.",
    ),
    "other reading": (
        "Bila {gravest} (--ratings {ratings}), kelasnya {label}: pakai bacaan yang dipakai pembuat tabel.",
        "If {gravest} (--ratings {ratings}), the class is {label}: use the reading the table's authors used.",
    ),
    "positive above": ("positif bila di atas {border}", "positive when above {border}"),
    "matrix only to compare": (
        "Kelas mengikuti x dan y; IFE, EFE, dan sel IE hanya pembanding, dan di situ 1 selalu paling berat.",
        "The class follows x and y; IFE, EFE and the IE cell are for comparison only; there 1 is always the gravest.",
    ),
    "item": ("butir", "item"),
    "expert": ("ahli", "expert"),
    "share": ("bagian", "share"),
    "least": ("terkecil", "least"),
    "greatest": ("terbesar", "greatest"),
    "variation": ("variasi", "variation"),
    "proposed": ("usulan", "proposed"),
    "now": ("kini", "now"),
    "share now": ("bagian kini", "share now"),
    "shares of": ("bagian menurut", "share by"),
    "difference": ("selisih", "change"),
    "eigenvalue": ("λ maks", "λ max"),
    "consistency ratio": ("rasio konsistensi", "consistency ratio"),
    "the group": ("Kelompok", "The group"),
    "weigh title": (
        "Bobot dari perbandingan berpasangan {experts} ahli atas {items} butir, {day}",
        "Weights from paired comparisons of {items} items by {experts} experts, {day}",
    ),
    "weigh scale": (
        "Bagian = vektor eigen utama dari rata-rata geometrik penilaian. Usulan: bagian terbesar menjadi {top}, yang "
        "lain sebanding dengannya, dibulatkan, paling sedikit {low}. Terkecil, terbesar, dan variasi (simpangan baku "
        "dibagi rata-rata) adalah di antara para ahli.",
        "Share = principal eigenvector of the geometric mean of the judgements. Proposed: the greatest share becomes "
        "{top}, the others in proportion, rounded, at least {low}. Least, greatest and variation (standard deviation "
        "over mean) are among the experts.",
    ),
    "weigh moved": (
        "Pembulatan menggeser bagian paling banyak {moved} ({item}).",
        "Rounding moves a share by {moved} at most ({item}).",
    ),
    "weigh agreement": (
        "Kesepakatan urutan (W Kendall): {agreement}; 1 = semua ahli mengurutkan sama, dekat 0 = urutannya tak searah.",
        "Agreement of the rankings (Kendall's W): {agreement}; 1 = all experts rank alike, near 0 = nothing in common.",
    ),
    "weigh tolerated": (
        "Rasio konsistensi 0 berarti ajek sempurna; di atas {tolerated} penilaian perlu ditinjau ulang.",
        "A consistency ratio of 0 is perfect; above {tolerated} the judgements should be looked at again.",
    ),
    "weigh inconsistent": (
        "Penilaian {name} kurang ajek: rasio konsistensi {ratio} lebih dari {tolerated}.",
        "{name}'s judgements are not consistent enough: the consistency ratio {ratio} is above {tolerated}.",
    ),
    "weigh mend": (
        "{name}, baris {line}: {more} atas {than} dinilai {stated}, padahal lewat {through} menjadi {implied}. Nilai "
        "{proposed} lebih cocok dengan penilaian lainnya; rasio konsistensi lalu {ratio}. Tanyakan lagi, jangan "
        "diganti begitu saja.",
        "{name}, line {line}: {more} over {than} is judged {stated}, but by way of {through} it comes to {implied}. "
        "{proposed} fits the other judgements better; the consistency ratio would be {ratio}. Ask again, do not just "
        "replace it.",
    ),
    "weigh group inconsistent": (
        "Penilaian gabungan kurang ajek: rasio konsistensi {ratio} lebih dari {tolerated}.",
        "The joint judgement is not consistent enough: the consistency ratio {ratio} is above {tolerated}.",
    ),
    "weigh one expert": (
        "Hanya satu ahli: tidak tampak seberapa jauh pendapat orang berbeda.",
        "One expert only: how far opinions differ cannot be seen.",
    ),
    "weigh two axes": (
        "Butirnya dari kedua sumbu, padahal bobot hanya dibandingkan di dalam satu sumbu; pisahkan berkasnya.",
        "The items are of both axes, but weights are compared within one axis only; use a file for each.",
    ),
    "weigh top": (
        "Kini tak satu pun butir ini berbobot lebih dari {heaviest}, tetapi yang terberat diusulkan {top}; turunkan "
        "batas atas 'scale' agar tetap sebanding dengan faktor lain.",
        "None of these items weighs more than {heaviest} now, yet the heaviest is proposed {top}; lower the top of "
        "'scale' if it is to keep its place among the other factors.",
    ),
    "weigh why": (
        "Bobot {weight} (skala {low}-{top}) menurut perbandingan berpasangan {experts}, {day}; rasio konsistensi "
        "kelompok {ratio}, masing-masing ahli {ratios}.",
        "Weight {weight} (scale {low}-{top}) by paired comparisons of {experts}, {day}; consistency ratio of the group "
        "{ratio}, of each expert {ratios}.",
    ),
    "and others": ("dan {number} ahli lain", "and {number} other experts"),
    "weigh out": (
        "Usulan bobot, ditulis oleh mitra weigh; belum berlaku. Salin weight dan why ke berkas tiap faktor, tambahkan "
        "mengapa faktor itu penting, lalu jalankan mitra check dan mitra test.",
        "Proposed weights, written by mitra weigh; not in use yet. Copy weight and why into each factor's file, add "
        "why the factor counts, then run mitra check and mitra test.",
    ),
    "said when closed": (
        "Dikatakan bila tidak ada pola yang dapat disarankan: {pattern} pun tertutup, dengan alasannya.",
        "Said when no pattern can be recommended: {pattern} is closed as well, with the reason.",
    ),
    "examined on": ("pemeriksaan per", "examined on"),
    "Verdicts": ("Penilaian, yang terlemah lebih dahulu", "Verdicts, the weakest first"),
    "points": ("{points} dari 100", "{points} of 100"),
    "points between": ("antara {low} dan {high} dari 100", "between {low} and {high} of 100"),
    "scale of points": (
        "Pada skala 0 sampai 100, angka 50 berarti kekuatan dan kelemahan sama berat.",
        "On a scale from 0 to 100, 50 means that strengths and weaknesses weigh the same.",
    ),
    "no factor in force": ("tidak ada faktor yang berlaku pada hari itu", "no factor is in force on that day"),
    "Levels": ("Tingkat", "Levels"),
    "level above": ("{level} di atas {points}", "{level} above {points}"),
    "level lowest": ("selebihnya {level}", "else {level}"),
    "good": ("Baik", "Good"),
    "bad": ("Buruk", "Bad"),
    "Results": ("Hasil dan keadaan lain", "Results and what else was found"),
    "Mend first": ("Benahi lebih dahulu", "Mend first"),
    "heaviest first": (
        "Kelemahan dan hasil buruk, yang terberat (bobot × rating) lebih dahulu; tiap tindakan disebut sekali.",
        "Weaknesses and poor results, the heaviest (weight × rating) first; each action is named once.",
    ),
    "answered above": ("Sudah dijawab di atas", "Already answered above"),
    "no action": ("Belum ada tindakan yang menjawabnya.", "No action answers it yet."),
    "nothing to mend": ("Tidak ada kelemahan atau hasil buruk yang muncul.", "No weakness or poor result was found."),
    "unknown can change verdicts": (
        "Fakta yang belum diketahui dan dapat mengubah penilaian yang disebut di belakangnya: {number}. Tanyakan dulu "
        "yang termudah:",
        "Facts that are not known and can change the verdicts named behind them: {number}. Ask the easiest first:",
    ),
    "unknown cannot change verdicts": (
        "Fakta yang belum diketahui: {number}; apa pun jawabannya, tidak ada penilaian yang berubah.",
        "Facts that are not known: {number}; whatever the answers, no verdict changes.",
    ),
    "How to mend it": ("Cara membenahi", "How to mend it"),
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
}


def phrase(lang: str) -> Callable[[str], str]:
    """A lookup of fixed phrases in one language."""
    place = 0 if lang == "id" else 1
    return lambda key: _PHRASES[key][place]
