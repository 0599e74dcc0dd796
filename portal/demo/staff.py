"""The people of the demo portal: all of them invented. They are made once, with one password for everybody."""

from dataclasses import dataclass

DEMO_PASSWORD = "ochag-demo-2026"  # noqa: S105  (printed by `make run`: it guards nothing but the demo)

PORTAL_EDITOR = "redaktor@ochag.example"
METHODOLOGIST = "metodist@ochag.example"
APPROVER = "utverzhdayu@ochag.example"
ADMINISTRATOR = "admin@ochag.example"


@dataclass(frozen=True)
class DemoAccount:
    """One member of staff; `agency` is a code and `team_role` is "head" or "specialist", or both are empty."""

    email: str
    last_name: str
    first_name: str
    patronymic: str
    post: str
    work_phone: str = ""
    agency: str = ""
    team_role: str = ""


ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(
        "okno.rukovoditel@ochag.example", "Громова", "Елена", "Викторовна",
        "руководитель службы «Единое окно»", "8 (383) 000-00-11", "edinoe-okno", "head",
    ),
    DemoAccount(
        "okno.specialist@ochag.example", "Лаптев", "Андрей", "Сергеевич",
        "куратор службы «Единое окно»", "8 (383) 000-00-12", "edinoe-okno", "specialist",
    ),
    DemoAccount(
        "okno.specialist2@ochag.example", "Юдина", "Вера", "Павловна",
        "куратор службы «Единое окно»", "8 (383) 000-00-12", "edinoe-okno", "specialist",
    ),
    DemoAccount(
        "kcson.rukovoditel@ochag.example", "Соболева", "Марина", "Игоревна",
        "заведующая отделением помощи семье и детям", "8 (383) 000-00-41", "kcson", "head",
    ),
    DemoAccount(
        "kcson.specialist@ochag.example", "Ким", "Ольга", "Дмитриевна",
        "специалист по социальной работе", "8 (383) 000-00-41", "kcson", "specialist",
    ),
    DemoAccount(
        "kcson.specialist2@ochag.example", "Зайцев", "Роман", "Олегович",
        "психолог", "8 (383) 000-00-41", "kcson", "specialist",
    ),
    DemoAccount(
        "shkola.rukovoditel@ochag.example", "Белова", "Татьяна", "Николаевна",
        "заместитель директора по воспитательной работе", "8 (383) 000-00-61", "shkola-17", "head",
    ),
    DemoAccount(
        "shkola.specialist@ochag.example", "Орлова", "Наталья", "Юрьевна",
        "социальный педагог", "8 (383) 000-00-61", "shkola-17", "specialist",
    ),
    DemoAccount(
        "opeka.rukovoditel@ochag.example", "Миронов", "Павел", "Андреевич",
        "начальник отдела опеки и попечительства", "8 (383) 000-00-31", "oopip", "head",
    ),
    DemoAccount(
        "opeka.specialist@ochag.example", "Рыбакова", "Анна", "Михайловна",
        "главный специалист отдела опеки и попечительства", "8 (383) 000-00-31", "oopip", "specialist",
    ),
    DemoAccount(
        "kdnizp.rukovoditel@ochag.example", "Воронова", "Галина", "Степановна",
        "председатель КДНиЗП", "8 (383) 000-00-21", "kdnizp", "head",
    ),
    DemoAccount(
        "kdnizp.specialist@ochag.example", "Снегирёва", "Инна", "Юрьевна",
        "ответственный секретарь КДНиЗП", "8 (383) 000-00-21", "kdnizp", "specialist",
    ),
    DemoAccount(
        "lesnoy.rukovoditel@ochag.example", "Сорокина", "Алевтина", "Борисовна",
        "председатель КДНиЗП", "8 (383) 000-00-91", "kdnizp-lesnoy", "head",
    ),
    DemoAccount(
        "lesnoy.specialist@ochag.example", "Бугров", "Степан", "Валерьевич",
        "ответственный секретарь КДНиЗП", "8 (383) 000-00-91", "kdnizp-lesnoy", "specialist",
    ),
    DemoAccount(
        "srcn.specialist@ochag.example", "Лужина", "Кира", "Антоновна",
        "социальный педагог", "8 (383) 000-00-52", "srcn", "specialist",
    ),
    DemoAccount(
        "pdn.specialist@ochag.example", "Гаврилов", "Денис", "Игоревич",
        "инспектор по делам несовершеннолетних", "8 (383) 000-00-71", "pdn", "specialist",
    ),
    DemoAccount(
        "tomsk.rukovoditel@ochag.example", "Кузьмина", "Ирина", "Львовна",
        "директор центра «Росток»", "8 (3822) 00-00-11", "oso-tomsk", "head",
    ),
    DemoAccount(
        "tomsk.specialist@ochag.example", "Панов", "Илья", "Максимович",
        "ответственный за работу с семьёй", "8 (3822) 00-00-11", "oso-tomsk", "specialist",
    ),
    # The centre is real and its people are not known: these two names are invented like all the others.
    DemoAccount(
        "zhemchuzhina.rukovoditel@ochag.example", "Примерова", "Светлана", "Ивановна",
        "руководитель службы (вымышленный сотрудник)", "344-83-54", "zhemchuzhina", "head",
    ),
    DemoAccount(
        "zhemchuzhina.specialist@ochag.example", "Образцов", "Фёдор", "Петрович",
        "специалист службы (вымышленный сотрудник)", "344-83-54", "zhemchuzhina", "specialist",
    ),
    DemoAccount(METHODOLOGIST, "Васильева", "Дарья", "Алексеевна", "методист форм"),
    DemoAccount(APPROVER, "Николаев", "Глеб", "Романович", "утверждающий официальные формы"),
    DemoAccount(PORTAL_EDITOR, "Фомина", "Алла", "Степановна", "редактор портала"),
    DemoAccount(ADMINISTRATOR, "Тихонов", "Юрий", "Борисович", "администратор портала"),
)  # fmt: skip


def memberships() -> list[dict[str, str]]:
    """Return who works where, in the shape that `load_demo_cases` takes."""
    return [
        {"email": account.email, "agency": account.agency, "role": account.team_role}
        for account in ACCOUNTS
        if account.agency
    ]
