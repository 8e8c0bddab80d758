"""More names of columns that say who is not to be called: a hundred and more in each of six languages."""

# ruff: noqa: RUF001 - these are lists of foreign words

ENGLISH = """
    Do Not Ring|Do not telephone|Do Not Dial|Do Not Call List|Do-Not-Call|DO NOT CALL?|do_not_contact_by_phone
    DoNotPhone|donotphone|dontCall|Dont contact|Don't ring|Cannot call|Can't be called|Can not be contacted
    May not call|May not be called|Should not be called|Shouldn't call|Won't take calls|Never contact|Never phone
    Not callable|Non-callable|Not contactable by phone|No phone|No Phone Contact|No telemarketing|No solicitation
    No marketing calls|No robocalls|No outbound calls|No outreach|Calls not permitted|Calling prohibited
    Phone contact forbidden|Calls forbidden|Not allowed to call|Disallow calls|Disallow phone contact|Block calls
    Calls blocked|Call Block|Blocked Contact|Blocked from calling|Barred|Calls barred|Stop calling|Stop calls
    Asked not to be called|Asked us not to call|Requested no contact|Requested no calls|Prefers not to be called
    Prefer not to be contacted|Do not solicit|Unsubscribe|Unsubscribed from calls|unsubscribed_at|Opted-out
    opt_out_calls|OptOutPhone|Call Opted Out|Phone Opted Out|Voice Opt Out|voice_opt_out|has_opted_out|Opted Out At
    opt_out_date|Opt Out Reason|Has Opted Out Of Calls|Global Opt-Out|TCPA opt out|TCPA DNC|State DNC|Federal DNC
    DNC Flag|DNC Date|IsDNC|dnc_flag|on_dnc|in_dnc|Internal DNC|National DNC Registry|Do Not Call Registry|TPS|CTPS
    TPS Registered|On TPS|Blacklist|Black-listed|Block listed|Blacklisted?|Banned|Is blocked|Suppress|Suppress Calls
    Suppression|Suppression flag|Suppressed from calls|Exclude|Exclude from calls|Excluded from calling
    Exclude from campaign|Call exclusion|Do not include|Withdrawn|Consent revoked|Consent Withdrawn?|Consent denied
    Consent refused|No consent|Without consent|Lacks consent|Not consented|Non-consenting|Declined to be called
    Declines calls|Declined contact|Refuses calls|Refused contact|Rejects calls|Objection to calls|Objected
    Objects to calls|Right to object|Do not disturb list|DND status|NDNC|Deceased?|Is dead|Dead|Date of death
    Passed away|Died|Litigator|Known litigator|Removed from list|Remove from list|Remove me|Take off list
    Wants no calls|Doesn't want calls|Don't want phone calls|Doesn't like calls|Opposed to calls|Hates calls
    Not interested|Uninterested|Refused to be contacted|Customer said no calls|Call restricted|Donotcallflag
    dontcall|do_not_call_flag|is_do_not_call|Call permission denied|Phone permission revoked|No cold calls
    No voice calls|No permission to call|Not OK to call|Not okay to phone|Contact prohibited|Unwilling to be called
    Mustn't call|No follow-up calls|Hard opt out|Phone suppression|Phone unsubscribed|Call unsubscribe|Not opted in
    Not subscribed|Has not agreed|Hasn't agreed to calls|No GDPR consent|GDPR objection|GDPR withdrawn
    Marketing opt-out|Opt-out flag|optout_phone|phone_optout|phone_opt_out|calls_opt_out|donot_phone|do_not_phone
"""
GERMAN = """
    Nicht mehr anrufen|Bitte nicht mehr anrufen|nicht anrufen!|Nicht telefonieren|Darf nicht kontaktiert werden
    Darf nicht angerufen werden?|Will nicht angerufen werden|Wünscht keine Anrufe|Wünscht keinen Kontakt
    Wünscht keine Werbung|Möchte keine Anrufe|Möchte keine Anrufe erhalten|Keine Anrufe erlaubt|Anruf nicht erlaubt
    Anrufe nicht gestattet|Anrufen verboten|Anruf verboten|Anruf untersagt|Keine Anruferlaubnis
    Keine Erlaubnis zum Anruf|Keine Zustimmung|Zustimmung verweigert|Zustimmung entzogen|Zustimmung widerrufen
    Nicht zugestimmt|Hat nicht zugestimmt|Einwilligung verweigert|Einwilligung entzogen|Einwilligung zurückgezogen
    Einwilligung fehlt|Fehlende Einwilligung|Einwilligung abgelehnt|Hat widersprochen|Widerspruch gegen Werbung
    Widerspruch Werbung|Werbewiderspruch Telefon|Telefonwerbung widersprochen|DSGVO Widerspruch|Widerspruchsdatum
    Widerruf|Widerruf am|Sperrkennzeichen|Sperre|Sperre Telefon|Kontakt gesperrt|Gesperrter Kontakt|Telefon gesperrt
    Telefonverbot|Kein Telefon|Nicht per Telefon|Nicht per Telefon kontaktieren|Keine Telefonate|Keine Rückrufe
    Kein Rückruf|Kein Rückruf gewünscht|Kein Werbeanruf|Keine Werbeanrufe|Keine Ansprache|Keine Kontaktaufnahme
    Kontaktaufnahme untersagt|Kontaktaufnahme unerwünscht|Unerwünscht|Telefonkontakt unerwünscht|Nicht behelligen
    Nicht belästigen|Ruhe erwünscht, nicht anrufen|Abmeldung|Abgemeldet am|Opt-Out Telefon|Opt out|OptOut Anruf
    Ausschluss|Ausgeschlossen|Von Anrufen ausgeschlossen|Anrufausschluss|Auf Sperrliste|Auf der Robinsonliste
    Robinson|Gestorben|Todesdatum|Sterbedatum|Kunde verstorben|Verstorben am|DNC|Schwarzliste|Auf schwarzer Liste
    Blockiert|Kontakt blockiert|Blockliste|Will keinen Kontakt|Wollen keine Anrufe|Lehnt Anrufe ab|Lehnt Kontakt ab
    Ablehnung|Ablehnung Telefon|Verweigert|Verweigerung Anruf|Nicht ansprechen|Unterlassung|Bitte keine Anrufe
    Ohne Anruf|Keinesfalls anrufen|Nie anrufen|Soll nicht angerufen werden|Nicht anrufbar|Anrufstopp|Werbestopp
    Telefonstopp|Kein Telefonmarketing|Keine Telefonakquise|Keine Werbeansprache|Keine Werbung per Telefon
    Widerspruch erhalten|Widerspruch liegt vor|Widerspruch DSGVO Art. 21|Kontakt untersagt|Kontakt verweigert
    Kontaktverbot|Werbung abgelehnt|Werbung widersprochen|Werbung unerwünscht|Einwilligung nein
    Keine Werbeeinwilligung|keine_anrufe|kein_anruf|kein Tel.|keine Telefonkontakte|Gesperrt für Marketing
    Gesperrt für Telefonie|telefonisch nicht erwünscht|Telefonanrufe nicht erwünscht|Möchte nicht kontaktiert werden
    Hat Anrufen widersprochen
"""
FRENCH = """
    Ne pas rappeler|Ne plus contacter|Ne plus appeler ce client|A ne pas appeler|À ne pas appeler|A ne pas contacter
    Ne doit pas être appelé|Ne peut être appelé|Ne pas solliciter|Ne pas démarcher par téléphone|Ne pas importuner
    Refus démarchage|Refus de démarchage|Refus d'appels|Refuse le démarchage|Refuse d'être appelé
    Refuse tout contact|Refus téléphone|Refus consentement|Refus de consentement|Consentement refusé
    Consentement révoqué|Consentement non donné|N'a pas consenti|N'a pas donné son accord|Sans accord|Pas d'accord
    Aucun consentement|Aucun contact|Pas de contact|Pas de téléphone|Pas d'appel téléphonique|Pas de démarchage
    Pas de prospection|Opposition démarchage|Opposition à la prospection|Opposition prospection|Droit d'opposition
    Droit d'opposition exercé|S'est opposé|S'oppose au démarchage|Opposé|Inscrit Bloctel|Sur Bloctel|Bloctel (O/N)
    Liste d'opposition|Liste d’exclusion|Liste noire ?|Exclure|Exclure des appels|Exclusion|À exclure
    Exclusion appel|Appels interdits|Interdiction d'appeler|Interdit d'appel|Appel interdit|Appels bloqués
    Bloqué appels|Blocage appel|Numéro bloqué|Contact interdit|Ne souhaite pas d'appels
    Ne souhaite plus être contacté|Ne veut plus d'appels|Ne veut pas d'appels|Ne désire pas être appelé
    Ne désire plus d'appels|Non contactable|Non sollicité|Non consenti|Non autorisé|Appels non autorisés
    Contact non autorisé|Appel non désiré|Indésirable|Désinscrit(e)|Désinscrit le|Désabonnement|Désabonné des appels
    Se désabonner|Stop appel|Stop appels|STOP|Opt-out appel|Opt out appels|Optout|RGPD opposition|RGPD refus|Mort
    Décès|Date de décès|Est décédé|Patient décédé|Retiré|Retiré de la liste|Résilié consentement|Liste repoussoir
    Radié|Ne pas tél.|Ne jamais appeler|Ne pas joindre par téléphone|Pas d’appels SVP|Pas d'appels commerciaux
    Pas de relance téléphonique|Pas de sollicitation|Pas de marketing téléphonique|Plus d'appels|Plus de contact
    Stop démarchage|Anti-démarchage|Interdiction de démarchage|Interdit de contacter|Refus appels|Refus prospection
    Refus RGPD|Opposition RGPD|Opposition commerciale|A refusé|A refusé les appels|A demandé à ne pas être appelé
    Demande de non-contact|Non-contact|Non appelable|Client refuse appels|Liste Bloctel|liste_noire
    ne_plus_contacter|Appel refusé|Contact refusé|Accord refusé|Autorisation refusée|Autorisation retirée
"""
SPANISH = """
    No volver a llamar|No se debe llamar|No se puede llamar|Prohibido llamar|Llamadas prohibidas
    Prohibición de llamadas|No marcar|No contactar nunca|No hacer llamadas|No realizar llamadas|No recibir llamadas
    No desea recibir llamadas|No quiere recibir llamadas|No desea ser llamado|No quiere ser llamado
    No quiere ser contactado|No desea contacto|No desea que lo llamen|No contactar más|No contactable
    No permite llamadas|No permite contacto|No da consentimiento|No dio consentimiento|No ha dado consentimiento
    No consiente|No consentido|Consentimiento denegado|Consentimiento negado|Consentimiento rechazado
    Niega consentimiento|Sin permiso|Sin permiso para llamar|Sin contacto|Sin contacto telefónico|Rechaza
    Rechaza consentimiento|Rechazo|Rechazo de llamadas|Rechaza ser contactado|Se opone|Se opone a llamadas
    Se opone a ser contactado|Derecho de oposición|Oposición publicidad|Oposición telefónica|Baja voluntaria
    Baja de llamadas|Fecha de baja|Se dio de baja|Dado de baja de llamadas|Solicitó baja|Desuscrito|Desuscripto
    Desinscrito|Exclusión|Excluir|Excluir de llamadas|Lista de exclusión|Lista Robinson (S/N)|En Robinson
    Inscrito en lista Robinson|Bloquear|Bloquear llamadas|Bloqueo|Bloqueado para llamadas|Llamadas bloqueadas
    Contacto prohibido|Contacto no deseado|Contacto no autorizado|Llamadas no autorizadas|Llamadas no permitidas
    No autoriza contacto|No autoriza ser llamado|No autorizado|No acepta contacto|No acepta ser llamado
    No acepta publicidad|Nada de llamadas|Ninguna llamada más|Nunca contactar|Jamás llamar|Evitar llamar
    Evitar contacto|Vetado|Veto|Muerto|Defunción|Fecha de defunción|Ha fallecido|Falleció|Cliente fallecido?
    Retirado|Retirar de la lista|Eliminado de la lista|No insistir|No le llamen|No llame|No me llamen
    Registro No Llame|No molestar por teléfono|No apto para llamar|Opt-out llamadas|Opt out de llamadas
    No quiere contacto|No contactar telefónicamente|No hablar|Prohibido contactar|Prohibido el contacto
    No se permite llamar|No está autorizado a llamar|No llamar nunca|No llamar por favor|Favor no llamar
    Por favor no llamar|no_contactar|nollamar|NoLlamar|Exclusión telefónica|Excluido de campaña|Excluido campañas
    Negó consentimiento|Revocó consentimiento|Revocó autorización|Se negó|Solicita no ser contactado
    Pide no ser llamado|Pidió que no le llamen|Opta por no recibir llamadas|Cliente no desea llamadas
    Oposición comercial|Bloqueo de llamadas|Sin autorización de contacto|Derecho oposición ejercido
    Marketing no permitido|Desinteresado|REPEP
"""
ITALIAN = """
    Da non chiamare|Da non contattare|Da non disturbare|Non richiamare|Non più chiamare|Non più contattare
    Non contattare telefonicamente|Non contattabile|Non va chiamato|Non deve essere chiamato|Non può essere chiamato
    Non si può chiamare|Non vuole essere contattato|Non vuole essere disturbato|Non desidera essere chiamato
    Non desidera contatti|Non gradisce chiamate|Non gradisce telefonate|Non ha acconsentito|Non ha dato il consenso
    Non ha dato consenso|Non consente|Non consente chiamate|Non presta consenso|Nega il consenso|Consenso rifiutato
    Consenso ritirato|Consenso mancante|Nessun consenso|Senza autorizzazione|Senza contatto|Mancato consenso|Revoca
    Revoca consenso|Ha revocato|Ha rifiutato|Rifiuta|Rifiuta contatti|Rifiuta telefonate|Rifiuto chiamate
    Rifiuto contatto|Rifiuto telemarketing|Si oppone|Si oppone alle chiamate|Opposizione telefonica
    Diritto di opposizione|Opposizione al trattamento|Registro Pubblico delle Opposizioni|RPO|Iscritto RPO
    Iscritto al registro delle opposizioni|Nessuna telefonata|No telefonate|No contatto|No contatti|No telemarketing
    No marketing telefonico|No chiamate?|Basta chiamate|Vietato chiamare|Chiamate vietate|Divieto di chiamata
    Divieto contatto|Divieto di contatto|Contatto vietato|Proibito chiamare|Blocca chiamate|Blocco|Blocco chiamate
    Bloccato chiamate|Numero bloccato|Chiamate bloccate|Esclusione|Escludi|Escludere|Escludi da chiamate
    Da escludere|Lista esclusi|Lista di esclusione|Blacklist|In blacklist|Black list|Disiscrizione|Disiscritto il
    Disiscritto dalle chiamate|Cancellazione|Cancellato dalla lista|Rimosso|Rimosso dalla lista|Rimuovere|Morto
    Deceduto il|Data decesso|Decesso|È deceduto|Paziente deceduto|Contatto indesiderato|Chiamate indesiderate
    Indesiderato|Non molestare|Mai contattare|Opt-out chiamate|Opt out chiamate|Recesso consenso|Non chiamare mai
    Non chiamare per favore|Si prega di non chiamare|Non vuole telefonate|Non vuole contatti|Contatto negato
    Contatto non consentito|Contatto rifiutato|Chiamate non autorizzate|Chiamate non ammesse|Niente chiamate
    Niente telefonate|Stop chiamate|Stop telefonate|Esclusi|Escluso da campagne|Escluso marketing|Opt-out telefonico
    Opt-out marketing|Ha chiesto di non essere chiamato|Chiede di non essere contattato|Revoca autorizzazione
    Autorizzazione negata|Autorizzazione revocata|Marketing negato|Consenso assente|Consenso non prestato
    Consenso non dato|Consenso non rilasciato|Non iscritto alle chiamate|nonchiamare|NonChiamare|non_contattare
"""
PORTUGUESE = """
    Não me ligar|Não ligue|Não ligar novamente|Não voltar a ligar|Não chamar|Não contactar por telefone
    Não entrar em contato|Não fazer contato|Não fazer ligações|Não pode ligar|Não pode ser contatado
    Não deve ser contactado|Não deve ser chamado|Não quer contato|Não quer receber ligações|Não quer ser chamado
    Não quer ser contatado|Não deseja contato|Não deseja receber chamadas|Não deseja receber ligações
    Não deseja ser contactado|Não gosta de ligações|Não deu consentimento|Não consente|Não consentiu|Não consentido
    Não autoriza|Não autoriza contato|Não autorizado|Não aceita|Não aceita contato|Não aceita telefonemas
    Não permite ligações|Não permite chamadas|Não permitido ligar|Não perturbar por telefone|Não incomode
    Não contatar mais|Não contactável|Consentimento negado|Consentimento recusado|Consentimento retirado?
    Consentimento ausente|Nega consentimento|Sem autorização|Sem contato|Sem contacto|Sem permissão|Sem telefonemas
    Sem telemarketing|Recusa|Recusou|Recusa chamadas|Recusa ser contactado|Recusa telemarketing|Recusou contato
    Rejeitado|Rejeita ligações|Rejeita chamadas|Opõe-se|Opõe-se a chamadas|Opôs-se|Direito de oposição
    Oposição telefônica|Oposição ao contato|Oposição ao tratamento|Proibido ligar|Ligações proibidas
    Chamadas proibidas|Contato proibido|Proibição de contato|Bloquear|Bloquear ligações|Bloqueio
    Bloqueio de chamadas|Chamadas bloqueadas|Número bloqueado|Bloqueado para ligações|Exclusão|Excluir
    Excluir das ligações|Lista de exclusão|Lista de bloqueio|Lista Não Me Perturbe|Não Me Perturbe|NaoPerturbe
    Nunca contatar|Nunca contactar|Jamais ligar|Descadastro|Descadastrado em|Desinscrição|Desinscrito
    Cancelado consentimento|Revogação|Revogação do consentimento|Revogou|Retirado da lista|Removido da lista|Remover
    Remover da lista|Morto|Morreu|Data de óbito|Faleceu|Paciente falecido|Contato indesejado|Ligações indesejadas
    Indesejado|Evitar ligar|Evitar contato|Opt-out ligações|Opt-out chamadas|Opt out de ligações|Não contatar nunca
    Favor não ligar|Por favor não ligar|Pediu para não ligar|Pediu para não ser contatado|Não quer telefonemas
    Não quer ser incomodado|Não aceita contato telefônico|Contato não autorizado|Contato não permitido
    Contato recusado|Contato negado|Ligações não autorizadas|Chamadas não permitidas|Sem consentimento LGPD
    Oposição LGPD|Recusa LGPD|Revogou consentimento|Revogou autorização|Autorização revogada|Autorização negada
    Permissão negada|Nada de ligações|Chega de ligações|Parar ligações|Parar de ligar|Excluído de campanhas
    Excluir contato|Marketing recusado|Opt-out telefônico|Opt-out marketing|naoligar|NaoLigar|nao_contatar
    Não perturbe (Procon)
"""
OTHERS = """
    Name|Given Name|Additional Name|Family Name|Yomi Name|Name Prefix|Name Suffix|Initials|Nickname|Short Name
    Maiden Name|Birthday|Gender|Location|Billing Information|Directory Server|Mileage|Occupation|Hobby|Sensitivity
    Priority|Subject|Notes|Language|Photo|Group Membership|E-mail 1 - Type|Organization 1 - Name|Phonetic First Name
    File As|Labels|Relation 1 - Label|Website 1 - Value|Custom Field 1 - Label|Event 1 - Value|Title|Suffix|Company
    Department|Job Title|Business Street|Business City|Assistant's Phone|Business Fax|Business Phone 2|Callback
    Car Phone|Company Main Phone|Home Fax|ISDN|Other Phone|Pager|Primary Phone|Radio Phone|TTY/TDD Phone|Telex
    Account|Anniversary|Assistant's Name|Categories|Children|E-mail Display Name|Government ID Number
    Internet Free Busy|Keywords|Manager's Name|Organizational ID Number|PO Box|Private|Profession|Referred By|Spouse
    User 1|Web Page|Record ID|Lead Status|Marketing contact status|Contact owner|Create Date|Last Activity Date
    Associated Company|Number of times contacted|Last Contacted|Unsubscribed from all email|Lifecycle Stage
    Original Source|Became a Customer Date|Number of Sales Activities|Next Activity Date|Time Zone|Days To Close
    Legal basis for processing contact's data|Likelihood to close|Hubspot Score|Recent Sales Email Opened Date
    Currently in Sequence|Contact unworked|Contact ID|Salutation|Account Name|Mailing Street|Mailing City|Fax
    Assistant|Asst. Phone|Lead Source|Birthdate|Reports To|Contact Owner|Created By|Last Modified Date
    Last Stay-in-Touch Request Date|Email Opt Out|Fax Opt Out|Contact Record Type|Data.com Key|Level|Languages
    Rating|Annual Revenue|Last Activity|Converted|Unread By Owner|Do Not Sync|Person - ID|Person - Label
    Person - Open deals|Person - Closed deals|Person - Next activity date|Person - Owner|Person - Visible to
    Person - Marketing status|Person - Email messages count|Person - Instant messenger|Person - Postal address
    Person - Won deals|Person - Lost deals|Person - Update time|Vendor Name|Skype ID|Secondary Email|Twitter
    Created Time|Mailing Zip|Record Image|Average Time Spent (Minutes)|Days Visited|First Page Visited|Visitor Score
    Most Recent Visit|Connected To|Tag|Change Log Time|Locked|Customer ID|Accepts Email Marketing
    Default Address Company|Default Address Address1|Default Address City|Default Address Province Code
    Default Address Zip|Accepts SMS Marketing|Total Spent|Total Orders|Note|Tax Exempt|Tags|OPTIN_TIME|OPTIN_IP
    CONFIRM_TIME|CONFIRM_IP|LATITUDE|LONGITUDE|GMTOFF|DSTOFF|TIMEZONE|CC|REGION|LAST_CHANGED|LEID|EUID|NOTES|TAGS
    MEMBER_RATING|PatNum|MiddleI|Preferred|PatStatus|Position|SSN|Address|ChartNumber|PriProv|SecProv|FeeSched
    BillingType|ImageFolder|RecallInterval|TxtMsgOk|PreferConfirmMethod|PreferContactMethod|PreferRecallMethod
    MedicaidID|EmployerNum|StudentStatus|HasIns|AskToArriveEarly|AdmitDate|Premed|Ward|PreferContactConfidential
    DateFirstVisit|ClinicNum|BalTotal|PayPlanDue|Event Type Name|Start Date & Time|End Date & Time
    Event Created Date & Time|Canceled|Canceled By|Cancellation reason|Marked as No-Show|Question 1|Response 1
    UTM Campaign|Invitee Reconfirmed|Payment Amount|Payment Currency|Group|Buffer Before|User Name|User Email
    Meeting Notes|identifier|created_at|last_activity_at|custom_attributes|additional_attributes|company_name|city
    country_code|Creation Source|First Visit|Last Visit|Transaction Count|Lifetime Spend|Memo|Square Customer ID
    Instant Profile|Email Subscription Status|Street Address 1|Postal Code|Blocked Card|(Do Not Modify) Contact
    (Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Do not allow Emails|Do not allow Bulk Emails
    Do not allow Mails|Do not allow Faxes|Preferred Method of Contact|Status Reason|Parent Customer|Credit Hold
    Marital Status|Shipping Method|Send Marketing Materials|Last Date Included in Campaign|Internal Contact ID
    Contact Type|Contact Subtype|Do Not Email|Do Not Mail|Do Not Sms|Do Not Trade|No Bulk Emails (User Opt Out)
    Legal Identifier|External Identifier|Preferred Communication Method|Preferred Language|Individual Prefix
    Birth Date|Is in Trash|On Hold|Use Bulk Email|Signature Text|status|user|vendor_lead_code|source_id|list_id
    gmt_offset_now|called_since_last_reset|phone_code|title|middle_initial|address1|province|postal_code|gender
    date_of_birth|security_phrase|comments|called_count|last_local_call_time|rank|owner|entry_list_id
    Mobile verified|Phone verified|Phone valid|Line type|Has WhatsApp|Interested|Is active|Active
    Appointment cancelled|Cancelled|Cancellation date|No-show|Missing documents|Missing payment|Paid|Payment missing
    Deposit refunded|Returned|Payment stopped|Ban|IBAN|Bank|Urban area|Barcode|Total|Tot|Tot.|Totale|Mortgage
    Mortgage number|Mortgage declined|Deadline|Registered|Registration date|Campaign|Kampagne|Lista|Liste|List
    Exercise|Number|Numero|Nummer|Datum|Date|Anrede|Anspruch|Ansprechpartner|Ansprechpartnerin
    Telefonische Erreichbarkeit|Rückruf am|Rückrufnummer|Falta|Faltas|Fehlzeit|Fehlbetrag|Fehler|Fehlende Unterlagen
    Abmessung|Abteilung|Lehnert|Abgabe|Ausschnitt|Vetrag|Venue|Vendor|Vet|Veterinary|Blocco note|Blocco appunti
    Bloco|Bloc|Stop 1|Evening|Event|Evite|Évènement|Avoid nuts|Allergies|Contact allergies|No allergies
    Notes to avoid|Insurance missing|Missing phone|Phone missing|Banner|Bandwidth|Ban date|Band|Sin number|SIN
    Non-smoker|Non smoker|Smoker|Nonresident|New|Never married|Not before|Not after|Without pets|No of guests
    No guests|Nombre d'enfants|Plus one|Plus-one|Pas de porte|Sans gluten|Ne à|Né le|Née|Ningún|Nota bene|Non|Mai
    Maiden|Sem|Semester|Semana|Sense|Nadal|Nie|Jamaica|Lead status|Lead call list|Last call outcome|Call count
    Called|Call back|Call outcome|Call notes|Call recording allowed|Ringtone|Rufname|Ruf|Beruf|Berufung|Telefon 2
    Werbekampagne|Werber|Werbung|Kontaktperson|Kontakt am|Contact method|Contact preference|Contacted|Contact since
    Subscribed|Subscription|Subscription end|Subscription cancelled|Membership cancelled|Cancelled at|Interest
    Interessen|Wunschtermin|Wishlist|May|Accepts marketing|accepts_marketing|Agreement|Agreement date|Approved
    Authorised by|Accord|Acordo|Autor|Autorisation|Prospect|Prospect status|Prospection|Llamada|Última llamada
    Ligações|Ligado|Liga|Light|Public|Publicidad|Público|Bel|Belgium|Bellen|Stornierung|Storno|Störung|Storno Datum
    Reject code|Return reason|Removed items|Excluded items|Exclusive|Excl. VAT|Price excl. tax|Refund
    Refuse collection|Denis|Denise|Deniz|Objective|Objet|Objektnummer|Restrictions|Restriction|Dietary restrictions
    Mobility restricted|Lehrer|Retired|Retirement|Retiro|Data retirada|Opposite|Recusal|Removal date|Moving|Moved
    Remote|Tps code|Right|Rights|Droits|Recht|Rechtsform|Exerce|Ward number|Phone number type|Barred from club
"""
LANGUAGES = {
    "English": ENGLISH,
    "German": GERMAN,
    "French": FRENCH,
    "Spanish": SPANISH,
    "Italian": ITALIAN,
    "Portuguese": PORTUGUESE,
}
