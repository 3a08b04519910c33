"""Photos: found, read as timm reads them, whatever their pixel format."""

import subprocess
import sys

import numpy as np
import pytest
import timm.data
from PIL import Image
from workflow_runs import REPOSITORY

from fragility.images.photos import EXTENSIONS, packaged_photos, read, synset_photos
from fragility.runtime.seeds import generator

GREY = 1 / 255  # one grey level


# --- finding them ---


def test_foolbox_s_twenty_photos_in_their_order():
    photos = packaged_photos()
    assert [photo.name[:11] for photo in photos] == [f"imagenet_{k:02d}" for k in range(20)]
    labels = [photo.label for photo in photos]
    assert labels[:3] == [243, 559, 438] and labels[-1] == 305  # from their file names
    assert all(photo.path.is_file() and photo.path.name == photo.name for photo in photos)


def test_finding_and_reading_photos_needs_neither_torch_nor_foolbox():
    code = (
        "import sys; from fragility.images import photos; p = photos.packaged_photos()[0]\n"
        "photos.read(p.path, 32, 1.0, 'bicubic')\n"
        "print(*({'torch', 'foolbox', 'PIL'} & set(sys.modules)))"
    )
    library = REPOSITORY / "workflow"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=library, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["PIL"]


def test_without_foolbox_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="make environment"):
        packaged_photos()


def put(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()


def test_photos_of_a_synset_s_own_folder(tmp_path):
    put(tmp_path / "n02102040", "b.JPEG", "a.jpg", "c.Png", "._a.jpg", "notes.txt")
    put(tmp_path, "n02102040_9.jpg")
    put(tmp_path / "n02102040" / "d.jpg")  # a folder
    photos = synset_photos(tmp_path, "n02102040", 217)
    assert [photo.name for photo in photos] == ["a.jpg", "b.JPEG", "c.Png"]
    assert {photo.label for photo in photos} == {217}
    assert photos[1].path == tmp_path / "n02102040" / "b.JPEG"


def test_photos_whose_names_start_with_the_synset(tmp_path):
    put(tmp_path, "n02102040_10.JPEG", "n02102040_2.jpg", "n021020401.jpg", "n02088094_1.jpg")
    put(tmp_path / "n02102040", "list.txt")  # no photo in it
    names = [photo.name for photo in synset_photos(str(tmp_path), "n02102040", 217)]
    assert names == ["n02102040_10.JPEG", "n02102040_2.jpg"]


@pytest.mark.parametrize("folder", ["here", "nowhere"])
def test_a_synset_without_photos_is_named_with_its_folder(tmp_path, folder):
    put(tmp_path / "here", "n02088094_1.jpg", "n02102040_1.txt")
    with pytest.raises(ValueError, match="n02102040") as caught:
        synset_photos(tmp_path / folder, "n02102040", 217)
    assert str(tmp_path / folder) in str(caught.value)
    assert EXTENSIONS[0] in str(caught.value)


# --- reading them ---


def as_timm(path, size, crop_fraction, interpolation):
    """A photo as timm's evaluation prepares it, without the normalisation."""
    transform = timm.data.create_transform(
        (3, size, size), crop_pct=crop_fraction, interpolation=interpolation,
        mean=(0, 0, 0), std=(1, 1, 1),
    )  # fmt: skip
    return transform(Image.open(path).convert("RGB")).numpy()


# those of lite0, lite2 and inception_resnet_v2, and another
SETTINGS = [(224, 0.875, "bicubic"), (260, 0.89, "bicubic"), (299, 0.8975, "bicubic")]


@pytest.mark.parametrize("photo", packaged_photos()[::3] + packaged_photos()[10:11])
def test_packaged_photos_are_read_as_timm_reads_them(photo):
    for settings in SETTINGS:
        pixels = read(photo.path, *settings)
        assert pixels.shape == (3, settings[0], settings[0])
        assert pixels.dtype == np.float32 and pixels.flags.c_contiguous
        assert np.array_equal(pixels, as_timm(photo.path, *settings))
    # negative controls: another crop or interpolation shows
    assert not np.array_equal(pixels, read(photo.path, 299, 0.89, "bicubic"))
    assert not np.array_equal(pixels, read(photo.path, 299, 0.8975, "bilinear"))


def some_colours(width, height):
    """A smooth picture with all grey levels, uint8 (height, width, 3)."""
    y, x = np.mgrid[:height, :width]
    planes = [x / width, y / height, (x + y) / (width + height)]
    return (255 * np.stack(planes, axis=-1)).astype(np.uint8)


@pytest.mark.parametrize("shape", [(50, 31), (31, 50), (57, 57), (20, 21), (64, 200), (65, 129)])
@pytest.mark.parametrize("crop_fraction", [1.0, 0.875, 0.5])
@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear", "nearest", "lanczos"])
def test_odd_shapes_are_read_as_timm_reads_them(tmp_path, shape, crop_fraction, interpolation):
    Image.fromarray(some_colours(*shape)).save(tmp_path / "a.png")
    settings = (32, crop_fraction, interpolation)
    assert np.array_equal(
        read(tmp_path / "a.png", *settings), as_timm(tmp_path / "a.png", *settings)
    )


def plain(path):
    """The pixels of a 64 x 64 image as they are."""
    return read(path, 64, 1.0, "bicubic")


COLOURS = some_colours(64, 64)
EXPECTED = COLOURS.transpose(2, 0, 1) * np.float32(1 / 255)


def saved(tmp_path, image, name="image.png", **options):
    image.save(tmp_path / name, **options)
    return tmp_path / name


def test_pixels_come_out_as_they_went_in(tmp_path):
    pixels = plain(saved(tmp_path, Image.fromarray(COLOURS)))
    assert np.array_equal(pixels, COLOURS.transpose(2, 0, 1) / np.float32(255))
    assert pixels.min() == 0 and pixels.max() > 0.98


def test_grey_photos_have_three_equal_channels(tmp_path):
    pixels = plain(saved(tmp_path, Image.fromarray(COLOURS[..., 0])))
    assert np.abs(pixels - EXPECTED[:1]).max() < GREY / 100


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    fine = np.mgrid[:64, :64][1].astype(np.uint16) * 1040  # up to 65520
    path = saved(tmp_path, Image.fromarray(fine))
    assert Image.open(path).mode.startswith("I")  # else nothing is tested
    pixels = plain(path)
    assert pixels.shape == (3, 64, 64)
    assert np.abs(pixels - fine / 65535).max() <= GREY / 2 + 1e-6
    clipped = np.minimum(fine, 255) / 255
    assert np.abs(pixels - clipped).max() > 0.5  # negative control


def test_black_and_white(tmp_path):
    pixels = plain(saved(tmp_path, Image.fromarray(COLOURS[..., 0] > 99)))
    assert np.array_equal(pixels, np.broadcast_to(COLOURS[..., 0] > 99, (3, 64, 64)))


def test_palettes(tmp_path):
    image = Image.fromarray(COLOURS).quantize(16)
    pixels = plain(saved(tmp_path, image))
    expected = np.asarray(image.convert("RGB")).transpose(2, 0, 1) / np.float32(255)
    assert np.array_equal(pixels, expected)
    assert np.abs(pixels - EXPECTED).mean() < 0.1  # colours, not numbers of a palette
    assert np.abs(np.asarray(image) / 255 - EXPECTED).mean() > 0.3


def test_cmyk(tmp_path):
    image = Image.fromarray(COLOURS).convert("CMYK")
    path = saved(tmp_path, image, "a.jpg", quality=100)
    assert Image.open(path).mode == "CMYK"
    error = np.abs(plain(path) - EXPECTED)
    assert error.mean() < 2 * GREY and error.max() < 12 * GREY  # JPEG's own
    assert np.abs(1 - plain(path) - EXPECTED).mean() > 0.3  # negative control: inverted


@pytest.mark.parametrize("hidden", [0, 77])
def test_what_is_seen_through_lies_on_white(tmp_path, hidden):
    alpha = np.full((64, 64), 255, np.uint8)
    alpha[:32], alpha[32:40] = 0, 128
    colours = np.where(alpha[..., None] == 0, hidden, COLOURS).astype(np.uint8)
    pixels = plain(saved(tmp_path, Image.fromarray(np.dstack([colours, alpha]))))
    assert (pixels[:, :32] == 1).all()
    half = 1 - (1 - EXPECTED[:, 32:40]) * 128 / 255
    assert np.abs(pixels[:, 32:40] - half).max() <= GREY
    assert np.abs(pixels[:, 40:] - EXPECTED[:, 40:]).max() < GREY / 100


def test_grey_or_palette_with_transparency(tmp_path):
    both = np.dstack([COLOURS[..., 0], np.where(COLOURS[..., 1] > 99, 255, 0)]).astype(np.uint8)
    pixels = plain(saved(tmp_path, Image.fromarray(both)))
    expected = np.where(both[..., 1], both[..., 0], 255) / np.float32(255)
    assert np.array_equal(pixels, np.broadcast_to(expected, (3, 64, 64)))
    image = Image.fromarray(COLOURS[..., 0]).convert("P")
    numbers = np.asarray(image)
    pixels = plain(saved(tmp_path, image, transparency=int(numbers[5, 5])))
    assert (pixels[:, numbers == numbers[5, 5]] == 1).all()
    assert pixels[0, 0, 0] == image.convert("RGB").getpixel((0, 0))[0] / np.float32(255)


def test_orientation_is_left_as_timm_leaves_it(tmp_path):
    image = Image.fromarray(COLOURS)
    turned = image.getexif()
    turned[0x0112] = 6  # a camera on its side
    path = saved(tmp_path, image, "a.jpg", exif=turned, quality=100)
    assert Image.open(path).getexif()[0x0112] == 6
    assert np.abs(plain(path) - EXPECTED).max() < 12 * GREY
    assert np.array_equal(plain(path), as_timm(path, 64, 1.0, "bicubic"))


def contents():
    photo = packaged_photos()[0].path.read_bytes()
    return {
        "empty": b"",
        "text": b"not an image at all",
        "half": photo[: len(photo) // 2],
        "head": photo[:300],
        "damaged": photo[:150] + bytes(len(photo) - 150),
    }


@pytest.mark.parametrize("case", [*contents(), "missing", "folder"])
def test_a_file_that_is_no_whole_image_is_named(tmp_path, case):
    path = tmp_path / "photo.jpg"
    if case in contents():
        path.write_bytes(contents()[case])
    elif case == "folder":
        path.mkdir()
    with pytest.raises(ValueError, match=r"photo\.jpg"):
        read(path, 224, 0.875, "bicubic")


def test_half_a_png_is_named(tmp_path):
    noise = generator(7, "test", "png").integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = saved(tmp_path, Image.fromarray(noise))
    plain(path)
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(ValueError, match=r"image\.png"):
        plain(path)


def test_pixels_of_unknown_range_are_refused(tmp_path):
    path = saved(tmp_path, Image.fromarray(EXPECTED[0]), "a.tiff")
    with pytest.raises(ValueError, match=r"a\.tiff.*range"):
        plain(path)


@pytest.mark.parametrize("crop_fraction", [0, -0.5, 1.01, float("nan")])
def test_a_crop_fraction_out_of_range_is_refused(crop_fraction):
    with pytest.raises(ValueError, match="crop fraction"):
        read(packaged_photos()[0].path, 224, crop_fraction, "bicubic")


def test_an_unknown_interpolation_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"bicubic.*'cubic'"):
        read(packaged_photos()[0].path, 224, 0.875, "cubic")
