//! Portuguese sentences.

use super::Phrases;

pub(super) static PHRASES: Phrases = Phrases {
    names: &["Inês", "João", "Beatriz", "Tiago", "Matilde", "Rui", "Leonor", "Gonçalo", "Conceição", "Nuno"],
    cities: &["Porto", "Braga", "Coimbra", "Évora", "Recife", "Curitiba", "Faro", "Santos"],
    topics: [
        &[
            "Olá {name}, a sua encomenda {n} já saiu de {city} e chega hoje antes das {time}.",
            "O seu pacote {n} está à espera na loja de {city}. Traga por favor o código {code}.",
        ],
        &[
            "Lembrete: a sua consulta é amanhã às {time}. Responda SIM para confirmar ou NAO para mudar.",
            "{name}, há uma vaga às {time} na clínica de {city}. Gostaria de vir mais cedo?",
        ],
        &[
            "{code} é o seu código de acesso. É válido por dez minutos. Não o partilhe com ninguém.",
            "Use {code} para confirmar o pagamento de {amount}. Se não foi você, ignore esta mensagem.",
        ],
        &[
            "Só este fim de semana: menos 20% em toda a loja de {city}. Mostre esta mensagem na caixa.",
            "{name}, hoje os seus pontos valem {amount}. Use-os até domingo, na internet ou na loja.",
        ],
        &[
            "A fatura {n} de {amount} vence na sexta-feira. Se já pagou, não precisa de fazer nada.",
            "Obrigado, {name}. Recebemos o seu pagamento de {amount} da fatura {n}.",
        ],
        &[
            "O seu comboio para {city} parte às {time} da linha 7. Desejamos-lhe boa viagem.",
            "Voo {n} para {city}: embarque na porta 12. As portas fecham dez minutos antes das {time}.",
        ],
        &[
            "As portas abrem às {time} em {city}. Mostre o bilhete {n} no telefone.",
            "{name}, obrigado por ter vindo ontem! O que achou? Responda com um número de 1 a 5.",
        ],
        &[
            "Obras: não haverá água na sua rua a partir das {time}, por cerca de duas horas.",
            "Amanhã não há aulas por causa do vento. Mais notícias hoje depois das {time}.",
        ],
    ],
    tails: &[
        "Dúvidas? Responda a esta mensagem.",
        "Obrigado pela sua confiança, {name}.",
        "A sua referência é {n}.",
        "Responda STOP para sair da lista.",
    ],
    replies: &[
        "Sim, para mim está bem, até às {time}.",
        "Não, desculpe, não posso. Pode ser noutro dia?",
        "Muito obrigado!",
        "Está bem",
        "Onde está a minha encomenda {n}? Devia ter chegado ontem.",
        "Podem ligar-me depois das {time}?",
        "Deve ser engano, eu chamo-me {name}.",
    ],
};
