"""Sheet language: the language of a header's words, where they are of one alone; a proposal, never a default."""

from collections.abc import Sequence

from campaign.intake.contacts.columns import plain

_WORDS: dict[str, str] = {
    "en": """phone first last full appointment doctor due amount company city address visit time patient customer client
        clinic birthday birth lead owner source street call language balance invoice order status mobile day""",
    "de": """telefon handy vorname nachname termin datum arzt betrag firma stadt strasse straße uhrzeit geburtstag
        geburtsdatum kunde kundin rechnung fällig anrede bemerkung notizen ort plz wunsch besuch telefonnummer""",
    "fr": """téléphone prénom rendez-vous rdv médecin montant société ville adresse heure facture échéance client
        naissance remarques portable jour""",
    "es": """teléfono nombre apellidos apellido cita fecha doctora médico importe empresa ciudad dirección factura
        vencimiento cumpleaños nacimiento móvil celular paciente correo""",
    "it": """cognome appuntamento medico importo azienda città indirizzo fattura scadenza nascita cellulare paziente
        visita ora giorno""",
    "pt": """telefone sobrenome consulta marcação valor cidade endereço fatura vencimento nascimento telemóvel hora dia
        celular cliente aniversário""",
    "nl": """telefoon voornaam achternaam naam afspraak bedrag bedrijf plaats adres factuur vervaldatum geboortedatum
        mobiel klant tijd arts""",
    "pl": """imię nazwisko wizyta lekarz kwota firma miasto adres faktura godzina urodziny komórka klient pacjent""",
    "tr": """soyad randevu tarih doktor tutar şirket şehir adres fatura saat doğum müşteri hasta cep isim""",
    "ru": """телефон имя фамилия дата приём прием врач сумма компания город адрес счёт счет время рождения клиент""",
    "uk": """ім'я прізвище прийом лікар сума компанія місто рахунок час народження клієнт пацієнт адреса""",
    "ja": "氏名 お名前 電話番号 電話 携帯 予約 予約日 日付 日時 医師 金額 会社 住所 時間 生年月日",
    "zh": "姓名 电话 手机 预约 日期 时间 医生 金额 公司 城市 地址 生日 客户 電話 手機",
    "ko": "이름 성명 전화 전화번호 휴대폰 예약 날짜 시간 의사 금액 회사 도시 주소 생년월일",
    "ar": "الاسم الهاتف الجوال الموعد التاريخ الطبيب المبلغ الشركة المدينة العنوان الوقت",
    "he": "שם טלפון נייד תור תאריך רופא סכום חברה עיר כתובת שעה",
    "hi": "नाम फ़ोन फोन मोबाइल तारीख दिनांक समय डॉक्टर राशि कंपनी शहर पता",
}
_OF_WORD: dict[str, set[str]] = {}
for _code, _listed in _WORDS.items():
    for _word in _listed.split():
        _OF_WORD.setdefault(_word, set()).add(_code)


def language_of(header: Sequence[str]) -> str | None:
    """The one language that most telling words of the column names are of; None where no language is ahead."""
    words = {word for name in header for word in plain("".join(map(_letter, name))).split()}
    counts: dict[str, int] = {}
    for word in words:
        for code in _OF_WORD.get(word, ()) if len(_OF_WORD.get(word, ())) == 1 else ():
            counts[code] = counts.get(code, 0) + 1
    ahead = sorted(counts.values(), reverse=True)
    if not ahead or ahead[1:2] == ahead[:1]:
        return None
    return max(counts, key=lambda code: counts[code])


def _letter(character: str) -> str:
    return character if character.isalnum() or character in "'-" or not character.isascii() else " "
