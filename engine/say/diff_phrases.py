"""Fixed phrases of the comparison of two rule bases in both languages."""

from __future__ import annotations

from kb.text import Text

_PHRASES = {
    "title": Text("Perubahan aturan dari {old} ke {new}", "Change of rules from {old} to {new}"),
    "counts": Text(
        "Butir ditambah {added}, dihapus {removed}, diubah {changed}; {aside} di antaranya tidak menentukan kelas atau "
        "pola.",
        "Entries added {added}, removed {removed}, changed {changed}; {aside} of them do not bear on class or pattern.",
    ),
    "same digest": Text(
        "Isi keduanya sama; yang berbeda hanya susunan atau tata letak, contoh, dan kasus, kalau ada.",
        "Both say the same; at most layout, order, examples and cases differ.",
    ),
    "nothing read differs": Text("Tidak ada butir yang isinya berbeda.", "No entry says anything different."),
    "differs": Text(
        "{number} macam perubahan: ada usaha yang mendapat kelas atau pola lain.",
        "{number} kinds of change: there are firms that get another class or pattern.",
    ),
    "equal": Text(
        "Terbukti sama: tidak ada usaha yang mendapat kelas atau pola lain.",
        "Proved equal: no firm gets another class or pattern.",
    ),
    "open": Text(
        "Belum terbukti: tidak ditemukan usaha yang berubah, tetapi sebagian pertanyaan belum terjawab.",
        "Not settled: no firm was found that changes, but some questions stayed open.",
    ),
    "words only": Text("tanpa pengaruh pada kelas dan pola", "no bearing on class and pattern"),
    "rules added": Text("Ditambah", "Added"),
    "rules removed": Text("Dihapus", "Removed"),
    "rules changed": Text("Diubah", "Changed"),
    "regions": Text("Usaha yang kelas atau polanya berubah", "Firms whose class or pattern changes"),
    "region note": Text(
        "Satu contoh usaha untuk setiap macam perubahan; semua faktanya diketahui, dan kedua basis aturan sudah "
        "memutuskannya. Yang disebut ialah fakta yang dibaca aturan yang berbeda dan pola yang berganti.",
        "One example firm for each kind of change; all its facts are known, and both rule bases have decided on it. "
        "Named are the facts that the rules which differ, and the patterns that come and go, read.",
    ),
    "more in JSON": Text("{number} lagi ada dalam --format json.", "{number} more are in --format json."),
    "more regions": Text(
        "Pada kelas {classes} masih ada macam perubahan lain yang tidak dicari.",
        "In class {classes} there are further kinds of change that were not looked for.",
    ),
    "proof": Text(
        "Berlaku bagi setiap usaha yang semua faktanya diketahui, pada {stretches} masa di antara tanggal-tanggal "
        "perubahan, umur dalam tahun dihitung pada hari yang mewakilinya; penyelesai ditanya {calls} kali.",
        "This holds for every firm of which all facts are known, in each of {stretches} stretches between dates of "
        "change, ages in years as on the day that stands for it; the solver was asked {calls} times.",
    ),
    "left open": Text("Belum terjawab: {what}.", "Left open: {what}."),
    "pattern": Text("pola kemitraan", "pattern"),
    "pattern stays": Text("pola kemitraan tetap", "pattern stays"),
    "class": Text("kelas", "class"),
    "none": Text("tidak ada", "none"),
    "in force": Text("Pada masa", "In the time"),
    "always": Text("kapan saja", "whenever"),
    "from": Text("sejak", "from"),
    "until": Text("sampai", "until"),
    "example": Text("Contoh", "Example"),
    "only old": Text("hanya dikenal yang lama", "known to the old one only"),
    "only new": Text("hanya dikenal yang baru", "known to the new one only"),
    "other facts": Text("{number} fakta lain dalam --format json", "{number} other facts in --format json"),
    "cases": Text("Kasus", "Cases"),
    "dossiers": Text("Berkas usaha", "Dossiers"),
    "firms counted": Text(
        "{number} diputuskan dengan kedua basis aturan, {changed} berubah.",
        "{number} decided under both rule bases, {changed} change.",
    ),
    "before after": Text("sebelum ↓ sesudah →", "before ↓ after →"),
    "several": Text("belum tetap", "not settled"),
    "not read old": Text("tidak terbaca oleh yang lama", "not read by the old one"),
    "not read new": Text("tidak terbaca oleh yang baru", "not read by the new one"),
}


def say(key: str, lang: str) -> str:
    return _PHRASES[key].say(lang)
