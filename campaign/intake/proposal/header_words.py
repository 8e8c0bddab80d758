"""Header words: what a column's name says of its use, in several languages; only whole names count.

"Name" is the person's; "Clinic Name", "Company name" and "File name" are no person's, and are not in these lists.
"""

# ruff: noqa: RUF001, RUF003 - these are lists of foreign words

import re
import unicodedata
from enum import StrEnum

from campaign.intake.contacts.columns import plain
from campaign.intake.opt_outs.header_meaning import Meaning, meaning_of


class Use(StrEnum):
    """Use of a column, by its name alone."""

    FULL = "full name"
    GENERIC = "name"
    """A full name, or the other half of one: French `Nom` beside `Prénom`, Spanish `Nombre` beside `Apellidos`."""
    FIRST = "first name"
    LAST = "last name"
    PERSON = "person"
    """Who the person is to the sheet's owner: customer, patient."""
    MOBILE = "mobile"
    PHONE = "phone"
    LANDLINE = "landline"
    WORK = "work phone"
    EMAIL = "email"
    COUNTRY = "country"
    CONSENT = "consent"
    OPTED_OUT = "opted out"
    CALL_AT = "time of the call"
    TIMEZONE = "time zone"
    STATE = "state"
    ZIP = "ZIP code"


PHONES = (Use.MOBILE, Use.PHONE, Use.LANDLINE, Use.WORK)
"""In the order in which they are best tried."""

_NAMES: dict[Use, str] = {
    Use.FULL: """
        full name, name and surname, first and last name, contact name, person name, patient name, customer name,
        client name, guest name, lead name, member name, name of patient, name of customer, name of human
        display name, person - name, invitee name
        vollständiger name, voller name, vor- und nachname, vorname nachname, name vorname, kundenname, patientenname
        nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom, nom du client, nom du patient
        nombre completo, nombre y apellidos, nombre y apellido, apellidos y nombre, nombre del cliente
        nome completo, nome e cognome, cognome e nome, nominativo, nome e sobrenome, nome do cliente
        volledige naam, voor- en achternaam, naam klant, imię i nazwisko, nazwisko i imię
        ad soyad, adı soyadı, isim soyisim, ad ve soyad, müşteri adı
        фио, ф.и.о., полное имя, имя и фамилия, фамилия и имя, піб, п.і.б., повне ім'я, ім'я та прізвище
        氏名, お名前, フルネーム, 顧客名, 患者名, 姓名, 客户姓名, 患者姓名, 성명, 고객명, 고객 이름
        الاسم الكامل, שם מלא, पूरा नाम
    """,
    Use.GENERIC: "name, nom, nombre, nome, naam, isim, ad, adı, имя, ім'я, 名前, 名字, 이름, الاسم, اسم, שם, नाम",
    Use.FIRST: """
        first name, fname, given name, forename, invitee first name, person - first name
        vorname, rufname, prénom, primer nombre, nombres, primeiro nome, voornaam
        imię, الاسم الأول, שם פרטי, पहला नाम, 名
    """,
    Use.LAST: """
        last name, lname, surname, family name, invitee last name, person - last name
        nachname, familienname, zuname, nom de famille, apellido, apellidos, cognome
        sobrenome, apelido, último nome, achternaam, familienaam, nazwisko, soyad, soyadı, soyisim, фамилия, прізвище
        姓, 苗字, 성, اسم العائلة, الاسم الأخير, שם משפחה, उपनाम
    """,
    Use.PERSON: """
        patient, customer, client, guest, lead, contact, member, person, attendee, participant, recipient, subscriber
        patientin, kunde, kundin, gast, kontakt, ansprechpartner, teilnehmer, patiente, cliente, invité
        paciente, contacto, huésped, paziente, contatto, ospite, contato, hóspede, klant, patiënt, contactpersoon
        klient, pacjent, gość, müşteri, hasta, misafir, клиент, пациент, гость, контакт, клієнт, пацієнт, гість
        联系人, 客户, 患者, お客様, 고객, 환자, العميل, לקוח, ग्राहक
    """,
    Use.MOBILE: """
        phone mobile, person - phone - mobile, wireless phone, text reminder number, phone number mobile
        mobile, mobile phone, mobile number, mobile no, mobile phone number, cell, cell phone, cellphone, cell number
        cell phone number, handy, handynummer, mobil, mobiltelefon, mobilnummer, mobilfunk, portable, mobile téléphone
        téléphone portable, téléphone mobile, numéro de portable, tél portable, móvil, teléfono móvil, celular
        teléfono celular, número de móvil, cellulare, telefono cellulare, telefono mobile, numero di cellulare
        telemóvel, telefone celular, whatsapp, mobiel, mobiele telefoon, mobiel nummer, gsm, gsm-nummer
        komórka, telefon komórkowy, numer komórkowy, cep, cep telefonu, cep no, gsm no
        мобильный, мобильный телефон, сотовый, сотовый телефон, мобільний, мобільний телефон
        携帯, 携帯電話, 携帯番号, 携帯電話番号, 手机, 手机号, 手机号码, 手機, 手機號碼
        휴대폰, 휴대폰 번호, 휴대전화, 핸드폰, الجوال, جوال, رقم الجوال, الموبايل, נייד, טלפון נייד, मोबाइल, मोबाइल नंबर
    """,
    Use.PHONE: """
        person - phone, primary phone, primary number, primary phone number, phone other, person - phone - other
        phone, phone number, phone no, telephone, telephone number, telephone no, tel, tel no, contact number
        contact phone, contact no, to phone number, telefon, telefonnummer, telefonnr, rufnummer
        téléphone, tél, numéro de téléphone, no de téléphone, teléfono, número de teléfono, tfno
        telefono, numero di telefono, recapito telefonico, telefone, número de telefone
        telefoon, telefoonnummer, numer telefonu, nr telefonu, nr tel, telefon numarası, tel no
        телефон, номер телефона, номер телефону, тел, 電話, 電話番号, 電話號碼, 电话, 电话号码, 联系电话
        전화, 전화번호, 연락처, الهاتف, هاتف, رقم الهاتف, טלפון, מספר טלפון, फ़ोन, फोन, फ़ोन नंबर, फोन नंबर
    """,
    Use.LANDLINE: """
        hm phone, phone home, person - phone - home, alt phone, default address phone
        landline, home phone, home phone number, home number, home telephone, festnetz, festnetznummer, telefon privat
        fixe, téléphone fixe, téléphone domicile, teléfono fijo, teléfono casa, telefono fisso, telefono casa
        telefone fixo, telefone residencial, vaste telefoon, vast nummer, telefoon thuis, telefon stacjonarny
        telefon domowy, ev telefonu, sabit telefon, домашний телефон, домашній телефон
        固定電話, 自宅電話, 固定电话, 座机, 집전화
    """,
    Use.WORK: """
        wk phone, phone work, person - phone - work
        work phone, work phone number, work number, work telephone, business phone, office phone, direct line
        telefon geschäftlich, telefon dienstlich, diensttelefon, bürotelefon, téléphone professionnel, téléphone bureau
        teléfono trabajo, teléfono del trabajo, teléfono oficina, telefono ufficio, telefono lavoro, telefone comercial
        telefone trabalho, telefoon werk, werktelefoon, telefon służbowy, telefon do pracy, iş telefonu
        рабочий телефон, робочий телефон, 勤務先電話, 会社電話, 办公电话, 직장 전화
    """,
    Use.EMAIL: """
        email, mail, email address, mail address, contact email, customer email, patient email, client email
        invitee email, email work, email home, email other, person - email, person - email - work
        person - email - home, person - email - other
        to email address, email adresse, mailadresse, adresse email, adresse mail, courriel, adresse électronique
        correo, correo electrónico, dirección de correo, posta elettronica, indirizzo email, correio eletrónico
        correio eletrônico, endereço de email, emailadres, adres email, eposta, e-posta adresi
        электронная почта, эл. почта, почта, електронна пошта, ел. пошта, пошта
        メール, メールアドレス, eメール, 邮箱, 电子邮件, 电子邮箱, 電子郵件, 이메일, البريد الإلكتروني
        דוא"ל, אימייל, ईमेल
    """,
    Use.COUNTRY: """
        country, country code, country iso, iso country, land, länderkürzel, pays, país, paese, nazione, kraj, państwo
        ülke, страна, країна, 国, 国家, 國家, 국가, البلد, الدولة, מדינה, देश
    """,
    Use.CONSENT: """
        consent, consent given, agreed to calls, agreed to call, agrees to calls, call consent, consent to call
        consent to calls, phone consent, survey consent, marketing consent, opt in, opted in, may call, may we call
        ok to call, okay to call, can call, permission to call, einwilligung, zustimmung, einverständnis
        einverstanden, consentement, accord, consentimiento, consenso, consentimento, toestemming, akkoord, zgoda, onay
        izin, rıza, согласие, згода, 同意, 동의, موافقة, הסכמה, सहमति
    """,
    Use.OPTED_OUT: """
        do not call, dont call, do not contact, dnc, no call, no calls, opt out, opted out, unsubscribed, withdrawn
        nicht anrufen, widerspruch, ne pas appeler, opposition, no llamar, non chiamare, não ligar, niet bellen
        nie dzwonić, aramayın, не звонить, не дзвонити
    """,
    Use.CALL_AT: """
        call at, call time, call date, call on, call after, callback time, callback at, scheduled call, anrufzeit
        anruf am, rückruf am, heure d'appel, rappeler le, hora de llamada, ora chiamata, beltijd, время звонка
    """,
    Use.TIMEZONE: """
        invitee time zone
        time zone, timezone, tz, zeitzone, fuseau horaire, zona horaria, huso horario, fuso orario, fuso horário
        tijdzone, strefa czasowa, saat dilimi, часовой пояс, часовий пояс, タイムゾーン, 时区, 시간대, المنطقة الزمنية
    """,
    Use.STATE: """
        state, us state, state code, state province, province, province code, home state, mailing state
        mailing state province, billing state, default address province code, person state, address state
    """,
    Use.ZIP: """
        zip, zip code, zipcode, zip postal code, postal code, postcode, home zip, mailing zip, mailing postal code
        mailing zip postal code, billing zip, default address zip, person zip, address zip, home postal code
    """,
}
# A number beside such a word is not, or may not be, the person's own.
_OTHERS = """
    fax telefax emergency doctor physician clinic company employer manager agent parent guardian spouse partner kin
    reference referrer invoice order account reservation booking id ip notfall arzt praxis firma urgence médecin
    entreprise emergencia médico empresa emergenza medico azienda arts bedrijf lekarz firmy
"""
# Of files for tools that call, in which each number has its +; elsewhere an invoice's, or a house's.
_BARE = frozenset(["number", "to", "to number", "recipient", "destination", "dial", "msisdn", "nummer", "numero"])
# Google's contacts: Phone 1 - Value, E-mail 2 - Value; each has a column of its own for the label.
_NUMBERED = re.compile("(phone|email)[0-9]value")
_ACCENTS = range(0x300, 0x370)
_APOSTROPHES = "\u02bc\u02b9"  # letters to Unicode, and in Ukrainian names typed in several ways


def use_of(header: str) -> Use | None:
    """The use that a column's whole name tells, the count of a `Phone 2` left aside; None when it tells none."""
    folded = _folded(header)
    if numbered := _NUMBERED.fullmatch(folded):
        return Use.PHONE if numbered[1] == "phone" else Use.EMAIL
    further = _USES.get(folded[:-1]) if folded[-1:] in ("1", "2", "3") else None
    told = _USES.get(folded) or (further if further in PHONES else None)
    return Use.OPTED_OUT if told is None and meaning_of(header) is Meaning.OPTED_OUT else told


def is_bare_number(header: str) -> bool:
    """Whether the name may be a phone's, where the values leave no doubt: `number`, `to`."""
    return " ".join(plain(header).replace("_", " ").split()) in _BARE


def of_others(header: str) -> bool:
    """Whether a number in this column may belong to another person, or not be a phone number."""
    words = "".join(character if character.isalnum() else " " for character in plain(header)).split()
    return not set(_OTHERS.split()).isdisjoint(words)


def _folded(name: str) -> str:
    """A name without spacing, punctuation and Latin accents: `E-Mail`, `e mail` and `email` are one."""
    kept = (character for character in unicodedata.normalize("NFKD", plain(name)) if ord(character) not in _ACCENTS)
    bare = "".join(c for c in kept if unicodedata.category(c)[0] in "LMN" and c not in _APOSTROPHES)
    # Case cannot be folded without knowing the language: SOYADI is Soyadı.
    return bare.replace("ı", "i")


_USES = {_folded(name): use for use, names in _NAMES.items() for line in names.splitlines() for name in line.split(",")}
_USES.pop("", None)
