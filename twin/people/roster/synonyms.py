"""What the columns of rosters are called. Compared without blanks, stops, stars and what stands in brackets."""

from __future__ import annotations

from typing import Final

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "household": (
        "户号", "户编号", "家庭编号", "户籍编号", "家庭户号", "户序号", "户主编号", "household",
    ),
    "name": (
        "姓名", "人员姓名", "居民姓名", "成员姓名", "家庭成员姓名", "家庭成员", "人口姓名", "住户姓名", "name",
    ),
    "head_name": ("户主", "户主姓名", "房主", "房主姓名"),
    "relation": (
        "与户主关系", "与户主的关系", "户主关系", "家庭关系", "关系", "成员关系", "同户主关系", "relation",
    ),
    "sex": ("性别", "sex", "gender"),
    "birth_date": ("出生日期", "出生年月日", "出生年月", "出生时间", "生日", "出生", "birthdate", "dateofbirth"),
    "identity": (
        "身份证号码", "身份证号", "身份证", "公民身份号码", "公民身份证号码", "居民身份证号码", "居民身份证号", "身份号码",
        "证件号码", "证件号", "有效证件号码", "idnumber", "identity",
    ),
    "identity_kind": ("证件类型", "证件种类", "证件名称"),
    "phone": (
        "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "联系手机", "本人电话", "移动电话", "phone",
        "mobile",
    ),
    "address": (
        "地址", "住址", "现住址", "现住地址", "现居住地址", "现居住地", "家庭住址", "家庭地址", "居住地址", "居住地",
        "实际居住地址", "实际居住地", "详细地址", "常住地址", "房屋地址", "居住详细地址", "住所", "address",
    ),
    "registered_address": (
        "户籍地址", "户籍地", "户籍所在地", "户口所在地", "户口地址", "户籍详细地址", "户籍住址", "户口登记地",
    ),
    "compound": ("小区", "小区名称", "所属小区", "所在小区", "院落", "小区院落", "compound"),
    "building": ("楼栋", "楼栋号", "楼号", "栋号", "幢号", "栋", "幢", "楼", "楼幢", "楼宇", "几号楼", "building"),
    "unit": ("单元", "单元号", "楼门", "门洞", "unit"),
    "room": ("室号", "房号", "房间号", "室", "房间", "户室", "房屋号", "室户号", "门室号", "room"),
    "residence": (
        "人户状态", "人户情况", "人户一致情况", "人户关系", "居住状态", "居住情况", "居住状况",
    ),
    "tenure": ("居住性质", "房屋性质", "住房性质", "居住方式", "住房情况", "房屋产权", "住房类型", "房屋类别", "tenure"),
    "since": ("入住时间", "入住日期", "迁入时间", "迁入日期", "居住开始日期", "起住日期", "since"),
}  # fmt: skip
"""Our field -> names, the most telling first."""

OF_THE_HEAD: Final = ("户主", "房主")
"""A column below a heading with one of these tells of the head of the household, not of the person of the row."""
OUR_OWN: Final = ("导入结果",)
"""The column that we add to a sheet that is handed back; in a sheet that comes again it is not read."""
WITHOUT_MEANING: Final = frozenset({"序号", "编号", "no", "序", "行号"})

SEXES: Final = {
    "男": "male", "男性": "male", "1": "male", "m": "male", "male": "male",
    "女": "female", "女性": "female", "2": "female", "f": "female", "female": "female",
    "未知": "unknown", "0": "unknown", "9": "unknown",
}  # fmt: skip
RELATIONS: Final[dict[str, str]] = {
    **dict.fromkeys(("户主", "本人", "户主本人", "房主", "01", "1", "head"), "head"),
    **dict.fromkeys(("配偶", "妻", "妻子", "夫", "丈夫", "爱人", "老婆", "老公", "之妻", "之夫", "spouse"), "spouse"),
    **dict.fromkeys(
        ("子", "女", "儿子", "女儿", "长子", "次子", "三子", "长女", "次女", "三女", "独生子", "独生女", "子女", "养子",
         "养女", "继子", "继女", "独子", "独女", "之子", "之女", "child"), "child",
    ),
    **dict.fromkeys(("父", "母", "父亲", "母亲", "父母", "之父", "之母", "parent"), "parent"),
    **dict.fromkeys(
        ("其他", "其它", "孙子", "孙女", "外孙", "外孙子", "外孙女", "孙", "媳妇", "儿媳", "女婿", "公公", "婆婆", "岳父",
         "岳母", "祖父", "祖母", "爷爷", "奶奶", "外公", "外婆", "外祖父", "外祖母", "兄", "弟", "姐", "妹", "哥哥", "弟弟",
         "姐姐",
         "妹妹", "兄弟", "姐妹", "兄弟姐妹", "侄子", "侄女", "外甥", "外甥女", "亲属", "亲戚", "其他亲属", "非亲属", "朋友",
         "同事", "合租", "合租人", "租客", "租户", "承租人", "保姆", "护工", "寄居", "other"), "other",
    ),
}  # fmt: skip
TENURES: Final[dict[str, str]] = {
    **dict.fromkeys(("自有", "自有住房", "自住", "自购", "产权房", "商品房", "自有房", "私房", "own"), "own"),
    **dict.fromkeys(
        ("租住", "租赁", "租房", "承租", "出租", "出租房", "租户", "公租房", "廉租房", "租用", "rent"), "rent"
    ),
    **dict.fromkeys(("借住", "寄住", "借用", "投靠", "暂住", "lent"), "lent"),
    **dict.fromkeys(("空挂", "空挂户", "挂户", "户籍空挂"), "registered_only"),
}  # fmt: skip
REGISTERED, ACTUAL = "registered", "actual"
BASES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("人户一致", "人户同在", "人在户在", "人户均在", "人户合一"), (REGISTERED, ACTUAL)),
    **dict.fromkeys(
        ("人在户不在", "流动", "流动人口", "租住", "非户籍", "外来", "外来人口", "暂住", "常住", "常住人口", "实有"),
        (ACTUAL,),
    ),
    **dict.fromkeys(("户在人不在", "空挂", "空挂户", "外出", "户籍空挂", "寄挂"), (REGISTERED,)),
}  # fmt: skip
"""人户分离 and 户籍人口 alone do not say where somebody lives: they are asked about."""
DOCUMENTS: Final[dict[str, str]] = {
    **dict.fromkeys(("居民身份证", "身份证", "二代身份证", "公民身份证"), "resident"),
    **dict.fromkeys(("护照", "外国护照", "passport"), "passport"),
    **dict.fromkeys(
        ("港澳居民来往内地通行证", "港澳通行证", "回乡证", "港澳居民居住证", "港澳台居民居住证"), "hk_macao"
    ),
    **dict.fromkeys(("台湾居民来往大陆通行证", "台胞证", "台湾通行证", "台湾居民居住证"), "taiwan"),
    **dict.fromkeys(("其他", "其它", "军官证", "士兵证", "出生证", "出生医学证明", "户口簿", "外国人永久居留证"), "other"),
}  # fmt: skip
