"""What the headings of question tables say in German, Spanish, French, Portuguese, Italian, Dutch and Chinese."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "stem": (
        *("frage", "fragetext", "fragestellung"),
        *("pregunta", "enunciado", "texto_de_la_pregunta"),
        *("enonce", "question_posee", "intitule"),
        *("pergunta", "questao"),
        *("domanda", "testo_della_domanda"),
        *("vraag", "vraagtekst"),
        *("题目", "问题", "题干"),
    ),
    "vignette": ("fallbeispiel", "fallvignette", "caso_clinico", "cas_clinique", "casus"),
    "options": (
        *(
            "antworten",
            "antwortmoglichkeiten",
            "optionen",
            "opciones",
            "respuestas",
            "alternativas",
            "opcoes",
        ),
        *("reponses", "propositions", "respostas", "risposte", "opzioni", "antwoorden", "opties"),
        "选项",
    ),
    "answer": (
        *("richtige_antwort", "korrekte_antwort", "losung", "richtig", "antwort"),
        *("respuesta_correcta", "opcion_correcta", "correcta", "respuesta"),
        *("bonne_reponse", "reponse_correcte", "reponse"),
        *("resposta_correta", "gabarito", "correta", "resposta"),
        *("risposta_corretta", "risposta_esatta", "corretta", "risposta"),
        *("juiste_antwoord", "correct_antwoord", "antwoord"),
        *("正确答案", "答案"),
    ),
    "explanation": (
        *("erklarung", "begrundung", "erlauterung", "explicacion", "justificacion", "retroalimentacion"),
        *("explicacao", "comentario", "spiegazione", "uitleg", "toelichting"),
        *("解析", "解释"),
    ),
    "tags": (
        *("thema", "kategorie", "fach", "fachgebiet", "tema", "categoria", "asignatura", "materia"),
        *("theme", "categorie", "matiere", "disciplina", "assunto", "argomento", "onderwerp", "vak"),
    ),
}

OPTION = (
    *("antwort", "auswahl", "opcion", "respuesta", "alternativa", "reponse", "proposition", "choix"),
    *("opcao", "resposta", "opzione", "risposta", "optie", "antwoord"),
    *("antwortmoglichkeit", "antwortoption", "antwortalternative", "选项"),
)
"""What stands before an option's letter or number."""
