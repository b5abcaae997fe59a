"""Which specialty people mean by what they feel. Words as villagers say them; no diagnosis."""

from telemed.organisations.models import Specialty

WORDS: dict[str, tuple[Specialty, ...]] = {
    "头痛": (Specialty.NEUROLOGY,),
    "头晕": (Specialty.NEUROLOGY, Specialty.CARDIOLOGY),
    "手麻": (Specialty.NEUROLOGY,),
    "中风": (Specialty.NEUROLOGY,),
    "抽筋": (Specialty.NEUROLOGY,),
    "失眠": (Specialty.NEUROLOGY,),
    "胸口痛": (Specialty.CARDIOLOGY,),
    "胸闷": (Specialty.CARDIOLOGY, Specialty.RESPIRATORY),
    "心慌": (Specialty.CARDIOLOGY,),
    "高血压": (Specialty.CARDIOLOGY, Specialty.INTERNAL),
    "咳嗽": (Specialty.RESPIRATORY,),
    "喘": (Specialty.RESPIRATORY,),
    "气短": (Specialty.RESPIRATORY, Specialty.CARDIOLOGY),
    "发烧": (Specialty.INTERNAL, Specialty.RESPIRATORY),
    "肚子痛": (Specialty.INTERNAL, Specialty.SURGERY),
    "胃痛": (Specialty.INTERNAL,),
    "拉肚子": (Specialty.INTERNAL,),
    "糖尿病": (Specialty.INTERNAL,),
    "腰痛": (Specialty.ORTHOPAEDICS,),
    "腿痛": (Specialty.ORTHOPAEDICS,),
    "膝盖": (Specialty.ORTHOPAEDICS,),
    "骨头痛": (Specialty.ORTHOPAEDICS,),
    "骨折": (Specialty.ORTHOPAEDICS,),
    "摔": (Specialty.ORTHOPAEDICS, Specialty.SURGERY),
    "疝气": (Specialty.SURGERY,),
    "怀孕": (Specialty.OBSTETRICS,),
    "月经": (Specialty.OBSTETRICS,),
    "小孩": (Specialty.PAEDIATRICS,),
    "宝宝": (Specialty.PAEDIATRICS,),
    "headache": (Specialty.NEUROLOGY,),
    "dizzy": (Specialty.NEUROLOGY, Specialty.CARDIOLOGY),
    "chest": (Specialty.CARDIOLOGY, Specialty.RESPIRATORY),
    "cough": (Specialty.RESPIRATORY,),
    "fever": (Specialty.INTERNAL, Specialty.RESPIRATORY),
    "back pain": (Specialty.ORTHOPAEDICS,),
    "pregnan": (Specialty.OBSTETRICS,),
    "child": (Specialty.PAEDIATRICS,),
}


def specialties_for(text: str) -> set[Specialty]:
    """All that a sentence hints at; empty where no word is known. 骨头痛 is no 头痛."""
    said, hinted = text.casefold(), set[Specialty]()
    for word in sorted(WORDS, key=len, reverse=True):
        if word in said:
            hinted.update(WORDS[word])
            said = said.replace(word, " ")
    return hinted
