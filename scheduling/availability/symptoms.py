"""Which specialty people mean by what they feel. Words as villagers say them; no diagnosis."""

from telemed.core.names import HAN, letters_of, read_words
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
    # What people call the departments.
    "心内科": (Specialty.CARDIOLOGY,),
    "脑科": (Specialty.NEUROLOGY, Specialty.NEUROSURGERY),
    "呼吸科": (Specialty.RESPIRATORY,),
    "骨科": (Specialty.ORTHOPAEDICS,),
    "妇科": (Specialty.OBSTETRICS,),
    "产科": (Specialty.OBSTETRICS,),
    "headache": (Specialty.NEUROLOGY,),
    "dizzy": (Specialty.NEUROLOGY, Specialty.CARDIOLOGY),
    "chest": (Specialty.CARDIOLOGY, Specialty.RESPIRATORY),
    "cough": (Specialty.RESPIRATORY,),
    "fever": (Specialty.INTERNAL, Specialty.RESPIRATORY),
    "back pain": (Specialty.ORTHOPAEDICS,),
    "pregnan": (Specialty.OBSTETRICS,),
    "child": (Specialty.PAEDIATRICS,),
}


SPELLED = {word: read_words(word) for word in WORDS if HAN.search(word)}


def specialties_for(text: str) -> set[Specialty]:
    """
    All that a sentence hints at; empty where no word is known. 骨头痛 is no 头痛.

    In letters: "wo gao xue ya" with spaces, else a word alone: gaoxueya, gxy.
    """
    said, hinted = text.casefold(), set[Specialty]()
    for word in sorted(WORDS, key=len, reverse=True):
        if word in said:
            hinted.update(WORDS[word])
            said = said.replace(word, " ")
    return hinted | _spelled(text)


def _spelled(text: str) -> set[Specialty]:
    letters, hinted = letters_of(text), set[Specialty]()
    if not letters:
        return hinted
    said = f" {' '.join(text.casefold().split())} "
    for word, syllables in sorted(SPELLED.items(), key=lambda one: len(one[1]), reverse=True):
        alone = letters == "".join(syllables)
        initials = len(syllables) > 1 and letters == "".join(one[0] for one in syllables)
        spoken = f" {' '.join(syllables)} "
        if alone or initials or spoken in said:
            hinted.update(WORDS[word])
            said = said.replace(spoken, " | ")
    return hinted
