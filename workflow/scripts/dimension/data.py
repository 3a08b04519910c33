"""Read an image set by torchvision, and keep the images that networks are trained and tested on."""

from pathlib import Path

from fragility.images import image_sets
from fragility.runtime import files, job


def main(
    checksums: list[Path],
    images: Path,
    *,
    dataset: str,
    folder: str,
    fetched: bool,
    download: bool,
    train_images: int,
    test_images: int,
    sides: list[int],
) -> dict:
    """Write images (n, channels, side, side) and labels (n,) of both parts.

    Args:
        checksums: the proof that MNIST's files were fetched, where they are the ones used.
        images: safetensors to write: train_images, train_labels, test_images, test_labels.
        dataset: name of torchvision's class.
        folder: where torchvision looks.
        fetched: whether the folder has MNIST's four files themselves.
        download: whether torchvision may fetch the set.
        train_images, test_images: how many of each part, from its first.
        sides: that images are reduced to; the largest is that of the set.

    Raises:
        job.ResultError: the set is not there, or its images have another side; names the key.
    """
    tensors, summary = {}, {}
    for part, train, count in (("train", True, train_images), ("test", False, test_images)):
        try:
            found = image_sets.read(
                dataset, Path(folder), train, count, fetched=fetched, download=download
            )
        except ValueError as error:
            raise job.ResultError(str(error)) from error
        if found.images.shape[-1] != max(sides):
            raise job.ResultError(
                f"dimension.sizes.sides: the images of {dataset} have a side of "
                f"{found.images.shape[-1]}; make that the largest of {sides}"
            )
        tensors |= {f"{part}_images": found.images, f"{part}_labels": found.labels}
        summary[part] = len(found.labels)
    files.write_tensors(tensors, images)
    return summary


if __name__ == "__main__":
    job.run(main)
