"""Every fault that a photo can have: why it is refused, and what should be told about one that is kept."""

from collections.abc import Mapping

from geo.errors import DataError, Problem
from geo.findings import NOTHING
from geo.text import Text
from layers.problems import Fault, problem

_PHOTO = Text("JPEG、PNG 或 WebP 照片", "a photo as JPEG, PNG or WebP")
_AGAIN = Text("用手机相册或看图软件另存为 JPEG 后再上传", "save it as JPEG in a picture program and hand that in")
_ORIGINAL = Text(
    "向拍摄人索取原图（微信请勾选“原图”）", "ask whoever took it for the original file, not a forwarded copy"
)
_ASK = Text("与拍摄人核对，必要时重新拍摄", "ask whoever took it; take it again if need be")
_CLOCK = Text("核对手机时间和日期", "check the clock and date of the phone")
_BY_HAND = Text("在地图上核对点位", "check the point on the map")
FAULTS: Mapping[str, Fault] = {
    "photo_kind": Fault("error", _PHOTO, _AGAIN),
    "photo_heic": Fault(
        "error",
        _PHOTO,
        Text(
            "iPhone：设置 → 相机 → 格式 → 选“兼容性最佳”后重拍；已有照片用相册导出为 JPEG",
            "on an iPhone choose Settings, Camera, Formats, Most Compatible; export photos that are there as JPEG",
        ),
    ),
    "photo_bytes": Fault(
        "error",
        Text("至多 40 MB 的照片", "a photo of at most 40 MB"),
        Text("用普通拍照模式（约 1200 万像素）重拍，或缩小后另存", "use the usual camera mode or save it smaller"),
    ),
    "photo_pixels": Fault(
        "error",
        Text("至多 5000 万像素、边长至多 30,000 像素的照片", "at most 50 million pixels and 30,000 along an edge"),
        Text("用普通拍照模式（约 1200 万像素）重拍，或缩小后另存", "use the usual camera mode or save it smaller"),
    ),
    "photo_heavy": Fault(
        "error",
        Text("能在时限和内存上限内打开的照片", "a photo that opens within the limits of time and memory"),
        Text("用普通拍照模式（约 1200 万像素）重拍，或缩小后另存", "use the usual camera mode or save it smaller"),
    ),
    "photo_truncated": Fault(
        "error",
        Text("完整的照片文件", "a whole photo"),
        Text("重新传输；仍不行请重拍", "send it again; if that does not help, take it again"),
    ),
    "photo_damaged": Fault("error", Text("未损坏的照片文件", "an undamaged photo"), _AGAIN),
    "photo_animated": Fault(
        "error",
        Text("单幅照片", "a single still picture"),
        Text("截取其中一幅另存为 JPEG", "save one of its frames as JPEG"),
    ),
    "photo_disguised": Fault(
        "error",
        Text("只含照片的文件", "a file that is nothing but a photo"),
        Text("不要使用此文件；用看图软件另存为 JPEG，并告知管理员", "do not use it; save it as JPEG and tell whoever runs Guatu"),
    ),
    "photo_gone": Fault(
        "error",
        Text("工作区 photos 文件夹中的原图", "the original in the workspace's folder photos"),
        Text("从备份恢复该文件", "restore the file from a backup"),
    ),
    "photo_changed": Fault(
        "error",
        Text("与存入时逐字节相同的原图", "the original as it was kept, byte by byte"),
        Text("文件被改动或磁盘有误：从备份恢复", "the file was changed or the disk failed; restore it from a backup"),
    ),
    "photo_unwritable": Fault(
        "error",
        Text("可以写入的 photos 文件夹", "a folder photos that can be written"),
        Text("检查磁盘空间和权限后再上传；此照片未存入", "check disk space and permissions; this photo was not kept"),
    ),
    "photo_exif_broken": Fault(
        "warning", Text("可读取的拍摄信息", "readable notes of the camera"), Text("照片可用；手工核对地点和时间", "the photo is used; check place and time by hand")
    ),
    "photo_place_broken": Fault("warning", Text("有效的拍摄地点", "a place that exists"), _BY_HAND),
    "photo_time_broken": Fault("warning", Text("有效的拍摄时间", "a time that exists"), _CLOCK),
    "photo_extra": Fault(
        "warning",
        Text("照片之后没有其他内容", "nothing behind the picture"),
        Text(
            "多为动态照片的视频：原文件照存，展示和导出只用照片本身",
            "mostly the film of a live photo: the file is kept whole, only the picture is shown and exported",
        ),
    ),
    "photo_flat": Fault(
        "warning",
        Text("看得出内容的照片", "a photo that shows something"),
        Text("画面几乎没有内容，无法查找相似照片；请重拍", "too little in it to look for photos like it; take it again"),
    ),
    "photo_no_exif": Fault("warning", Text("带拍摄时间和地点的原图", "the original with time and place"), _ORIGINAL),
    "photo_no_time": Fault("warning", Text("带拍摄时间的照片", "a photo that says when it was taken"), _ORIGINAL),
    "photo_no_place": Fault(
        "warning",
        Text("带拍摄地点的照片", "a photo that says where it was taken"),
        Text("拍照前打开定位；并在地图上核对点位", "let the camera use the location; check the point on the map"),
    ),
    "photo_old": Fault("warning", Text("上报前不久拍摄的照片", "a photo taken shortly before the report"), _ASK),
    "photo_before_report": Fault("warning", Text("上报之后拍摄的照片", "a photo taken after the report"), _ASK),
    "photo_after_fix": Fault("warning", Text("整改之前拍摄的照片", "a photo taken before it was fixed"), _ASK),
    "photo_future": Fault("warning", Text("不晚于当前的拍摄时间", "a time that is not in the future"), _CLOCK),
    "photo_far": Fault("warning", Text("在问题点位附近拍摄", "a photo taken near the issue"), _BY_HAND),
    "photo_other_grid": Fault("warning", Text("在问题所在网格内拍摄", "a photo taken in the grid of the issue"), _BY_HAND),
    "photo_reused": Fault("warning", Text("只用于一个问题的照片", "a photo of this issue only"), _ASK),
    "photo_alike": Fault(
        "warning",
        Text("与其他问题的照片不同", "a photo unlike those of other issues"),
        Text("并排比对两张照片：可能是旧照片或重复问题", "compare the two: an old photo, or the same issue twice"),
    ),
    "photo_twice": Fault("warning", Text("整改前后不同的照片", "different photos before and after"), _ASK),
}  # fmt: skip


def photo_problem(
    code: str, file: str, *, found: Text = NOTHING, row: str | None = None, column: str | None = None
) -> Problem:
    """Make a problem of a photo; ``row`` is the issue and ``column`` the role, where it belongs to one."""
    return problem(code, file, row=row, column=column, found=found, faults=FAULTS)


def refused(file: str, code: str, found: Text = NOTHING) -> DataError:
    """Make the error that refuses a photo."""
    return DataError([photo_problem(code, file, found=found)])
