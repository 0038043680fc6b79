"""Fixed phrases of the answers about tables, paired comparisons and programmes, in both languages."""

from __future__ import annotations

# English phrase or key → (Indonesian, English).
OTHERS: dict[str, tuple[str, str]] = {
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
}
