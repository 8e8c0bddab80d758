"""Names of columns that say who is not to be called, fifty in each of six languages, with a negation and without."""

# ruff: noqa: RUF001 - these are lists of foreign words

ENGLISH = """
    Do Not Phone|Do not allow Phone Calls|Do Not Call|Phone Opt Out|DND|DNC|Blacklisted|is_opted_out|Unsubscribed
    Deceased
    do_not_call|DoNotCall|doNotContact|Do Not Contact|Don't call|Don’t phone|No calls|No Call|No contact|No phone calls
    Opted out|Opt-Out|OptOut|HasOptedOutOfCalls|Opted Out of Calls|Call opt-out|Opt out of phone calls|Telephone opt out
    DNC Status|On DNC list|National DNC|National Do Not Call List|Do Not Call Flag|Do Not Disturb|Blocklisted|Blocked
    Black List|Suppressed|Suppression list|Consent withdrawn|Permission revoked|Withdrawn consent|Call declined
    Refused calls
    Never call|Not to be called|Must not be contacted|Cannot be phoned|Does not want calls|No longer wants calls
    Is Deceased|Doesn't want to be called|Phone calls not allowed|Objects to marketing calls|Removed
    Not interested in calls
"""
GERMAN = """
    Nicht anrufen|nicht_anrufen|Bitte nicht anrufen|Darf nicht angerufen werden|Keine Anrufe|Kein Anruf
    Keine Anrufe mehr
    Kein Anruf erwünscht|Anruf nicht erwünscht|Anrufe unerwünscht|Nicht kontaktieren|Nicht telefonisch kontaktieren
    Kein Kontakt|Kein Telefonkontakt|Kontakt nicht gewünscht|Keine telefonische Kontaktaufnahme|Anrufsperre
    Telefonsperre
    Kontaktsperre|Werbesperre|Sperrvermerk|Gesperrt|Für Anrufe gesperrt|Telefonisch gesperrt|Anrufverbot|Werbeverbot
    Kontaktverbot|Widerspruch|Werbewiderspruch|Widerspruch Telefon|Widersprochen|Einwilligung widerrufen|Widerrufen
    Widerruf der Einwilligung|Keine Einwilligung|Einwilligung nicht erteilt|Nicht einverstanden|Ohne Einwilligung
    Abgemeldet|Ausgetragen|Vom Newsletter und Telefon abgemeldet|Robinsonliste|Robinson-Liste|Blacklist|Schwarze Liste
    Sperrliste|Verstorben|Ist verstorben|Keine Werbung|Keine Telefonwerbung|Telefonwerbung untersagt|Opt-out
    Kein Interesse|Kontakt abgelehnt|Anrufe abgelehnt|Nicht stören|Möchte nicht angerufen werden
"""
FRENCH = """
    Ne pas appeler|ne_pas_appeler|Ne pas contacter|Ne pas téléphoner|Ne plus appeler|Ne pas déranger
    Ne souhaite pas être appelé
    Ne veut pas être contacté|N'appelez pas|Pas d'appel|Pas d'appels|Aucun appel|Sans appel|Jamais appeler|Opposition
    Opposition appel|Opposition téléphonique|Opposé aux appels|S'oppose aux appels|Désabonné|Désabonnée|Désinscrit
    Désinscription|Liste noire|Sur liste noire|Liste rouge|Bloctel|Inscrit à Bloctel|Refus|Refus d'appel
    Refuse les appels
    Refus de contact|Refusé|Consentement retiré|Retrait du consentement|Sans consentement|Pas de consentement
    Non consentant
    Non autorisé à appeler|Appel non autorisé|Appels non souhaités|Contact non souhaité|Décédé|Décédée
    Client décédé|Défunt
    Opt-out|Opt out téléphone|Bloqué|Contact bloqué|Exclu|Exclu des appels|Ne pas démarcher|Démarchage refusé
    Pas intéressé
"""
SPANISH = """
    No llamar|no_llamar|No contactar|No telefonear|No molestar|No llamar más|No desea llamadas|No desea ser contactado
    No quiere llamadas|No quiere que le llamen|No acepta llamadas|No autoriza llamadas|No autorizado para llamar
    No permitir llamadas
    Sin llamadas|Sin consentimiento|Sin autorización|Nunca llamar|Ninguna llamada|Baja|Dado de baja|De baja|Lista negra
    En lista negra|Lista Robinson|Robinson|Bloqueado|Contacto bloqueado|Excluido|Excluido de llamadas|Fallecido
    Fallecida
    Cliente fallecido|Difunto|Rechaza llamadas|Rechazado|Llamadas rechazadas|Rechaza el contacto|Consentimiento revocado
    Consentimiento retirado|Revocado|Revocación del consentimiento|Oposición|Oposición a llamadas|Opt-out
    Opt out teléfono
    No interesado|No le interesa|No publicidad|Sin publicidad|No publicidad telefónica|Llamada no permitida
    No consiente llamadas
    Llamadas no deseadas|No desea publicidad|No contactar por teléfono
"""
ITALIAN = """
    Non chiamare|non_chiamare|Non contattare|Non telefonare|Non disturbare|Non chiamare più|Non desidera chiamate
    Non desidera essere contattato|Non vuole chiamate|Non vuole essere chiamato|Non autorizza chiamate
    Non autorizzato alle chiamate
    Non acconsente|Non acconsente alle chiamate|Nessuna chiamata|Nessun contatto|Senza consenso|Senza chiamate
    Mai chiamare
    Disiscritto|Disiscritta|Cancellato|Lista nera|In lista nera|Bloccato|Contatto bloccato|Escluso
    Escluso dalle chiamate
    Deceduto|Deceduta|Cliente deceduto|Defunto|Rifiuta chiamate|Rifiuta le chiamate|Rifiutato|Chiamate rifiutate|Rifiuto
    Rifiuta il contatto|Consenso revocato|Revoca del consenso|Revocato|Consenso negato|Opposizione
    Opposizione alle chiamate
    Registro delle opposizioni|Registro opposizioni|Opt-out|Opt out telefono|Non interessato|No chiamate|No telefono
    Chiamate non gradite e non consentite|Chiamata non consentita|Chiamate non desiderate|Non permettere chiamate
    Non accetta chiamate
"""
PORTUGUESE = """
    Não ligar|nao_ligar|Não contatar|Não contactar|Não telefonar|Não perturbe|Não perturbar|Não incomodar|Não ligar mais
    Não deseja ligações|Não deseja ser contatado|Não quer ligações|Não quer ser contactado|Não aceita ligações
    Não aceita chamadas
    Não autoriza chamadas|Não autorizado a ligar|Não permite contato|Não permitir chamadas|Sem ligações|Sem chamadas
    Sem consentimento|Sem autorização de contato|Nunca ligar|Nenhuma ligação|Nenhum contato|Descadastrado|Descadastrada
    Desinscrevido|Lista negra|Na lista negra|Bloqueado|Contato bloqueado|Excluído|Excluído das ligações|Removido
    Falecido|Falecida
    Cliente falecido|Óbito|Recusa ligações|Recusa contato|Recusado|Ligações recusadas|Consentimento revogado|Revogado
    Consentimento retirado|Oposição|Oposição a chamadas|Opt-out|Opt out telefone|Não interessado|Não tem interesse
    Não me ligue
    Ligação não permitida|Chamadas não desejadas
"""
LANGUAGES = {
    "English": ENGLISH,
    "German": GERMAN,
    "French": FRENCH,
    "Spanish": SPANISH,
    "Italian": ITALIAN,
    "Portuguese": PORTUGUESE,
}
OTHERS = """
    Name|First Name|Phone|Phone No|Mobile No.|Contact No|Tel. No|No. of calls|No of contacts|Number of calls
    Call at|Call Status
    Contact Name|Contact Person|Notes|Note|No show|Customer No|Email Opt Out|HasOptedOutOfEmail|Do Not Email
    Do not mail|Do Not Fax
    Unsubscribed from email|Payment declined|Card declined|Offer rejected|Order removed|Bus stop|Stop date|Consent
    Agreed to calls
    Opt in|Opted in|Marketing consent|May we call|Permission to call|Phone consent|Last call|Call result|Nombre
    Apellidos|Teléfono
    Notas|Nota|Città|Note interne|Nom|Prénom|Notaire|Rufnummer|Telefonnummer|Kundennummer|Anrufzeit|Einwilligung
    Einverstanden
    Zustimmung|Consentement|Accord|Consentimiento|Consenso|Consentimento|Telefone|Nome|Contato|Contatto|Status|Noël
    Normal price
    Notification|Nonprofit|Stoppage|Doctor|Appointment|Do Not Distribute|Ring size|Balance|Baja California
    Call reason|Withdrawal date
"""


def listed(names: str) -> list[str]:
    return [name.strip() for line in names.splitlines() for name in line.split("|") if name.strip()]
