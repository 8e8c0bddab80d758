"""Sheet language: the language of a header's words, where they are of one alone; a proposal, never a default."""

from collections.abc import Sequence

from campaign.intake.contacts.columns import plain

_WORDS: dict[str, str] = {
    "en": """phone first last full appointment doctor due amount company city address visit time customer birthday birth
        lead owner source street call language balance invoice order status mobile day notes""",
    "de": """handy vorname nachname termin arzt betrag stadt strasse straße uhrzeit geburtstag geburtsdatum kunde kundin
        rechnung fällig anrede bemerkung notizen wunsch besuch telefonnummer fälligkeit""",
    "fr": """téléphone prénom rendez-vous rdv médecin montant société ville heure facture échéance naissance""",
    "es": """teléfono apellidos apellido cita fecha doctora importe ciudad dirección vencimiento cumpleaños""",
    "it": """cognome appuntamento medico importo azienda città indirizzo fattura scadenza nascita cellulare paziente
        giorno""",
    "pt": """sobrenome marcação cidade endereço telemóvel aniversário reunião""",
    "nl": """telefoon voornaam achternaam naam afspraak bedrag bedrijf factuur vervaldatum geboortedatum klant""",
    "pl": """imię nazwisko wizyta lekarz kwota miasto godzina urodziny komórka pacjent""",
    "tr": """soyad randevu tarih doktor tutar şirket şehir saat doğum müşteri isim""",
    "ru": """телефон имя фамилия дата приём врач сумма компания город счёт время рождения""",
    "uk": """ім'я прізвище прийом лікар сума компанія місто рахунок час народження клієнт пацієнт""",
    "ja": "氏名 お名前 電話番号 電話 携帯 予約 予約日 日付 日時 医師 金額 会社 住所 時間 生年月日",
    "zh": "姓名 电话 手机 预约 日期 时间 医生 公司 城市 地址 生日 客户 電話號碼 手機",
    "ko": "이름 성명 전화 전화번호 휴대폰 예약 날짜 시간 의사 금액 회사 도시 주소 생년월일",
    "ar": "الاسم الهاتف الجوال الموعد التاريخ الطبيب المبلغ الشركة المدينة العنوان الوقت",
    "he": "שם טלפון נייד תור תאריך רופא סכום חברה עיר כתובת שעה",
    "hi": "नाम फ़ोन फोन मोबाइल तारीख दिनांक समय डॉक्टर राशि कंपनी शहर पता",
}
_SPOKEN_IN: dict[str, str] = {
    "en": "US CA GB IE AU NZ ZA IN SG PH JM TT BB BS",
    "de": "DE AT CH LI LU BE",
    "fr": "FR BE CH LU MC CA",
    "es": "ES MX AR CO CL PE VE EC UY PY BO CR PA GT HN NI SV DO PR US",
    "it": "IT CH SM",
    "pt": "PT BR AO MZ",
    "nl": "NL BE SR",
    "pl": "PL",
    "tr": "TR CY",
    "ru": "RU BY KZ UA",
    "uk": "UA",
    "ja": "JP",
    "zh": "CN TW HK SG MO",
    "ko": "KR",
    "ar": "SA AE EG MA DZ TN JO LB KW QA BH OM IQ LY YE SY",
    "he": "IL",
    "hi": "IN",
}
"""Countries in which calls are made in it: the columns of a program may be in another language than the people's."""
_OF_WORD: dict[str, set[str]] = {}
for _code, _listed in _WORDS.items():
    for _word in _listed.split():
        _OF_WORD.setdefault(_word, set()).add(_code)


def language_of(header: Sequence[str], *, region: str | None) -> str | None:
    """The one language that most telling words of the column names are of; None where no language is ahead.

    Args:
        header: the columns' names.
        region: where most of the numbers are; where another language is spoken there, none is proposed.
    """
    words = {word for name in header for word in plain("".join(map(_letter, name))).split()}
    counts: dict[str, int] = {}
    for word in words:
        for code in _OF_WORD.get(word, ()) if len(_OF_WORD.get(word, ())) == 1 else ():
            counts[code] = counts.get(code, 0) + 1
    ahead = sorted(counts.values(), reverse=True)
    if not ahead or ahead[1:2] == ahead[:1]:
        return None
    code = max(counts, key=lambda each: counts[each])
    return code if region is None or region in _SPOKEN_IN[code].split() else None


def _letter(character: str) -> str:
    return character if character.isalnum() or character in "'-" or not character.isascii() else " "
