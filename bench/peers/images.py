"""The images of the tutorial's job, as Troupe reads them: Fashion-MNIST with a border, in three equal colours."""

import gzip
import pathlib

import numpy
import PIL.Image
import torch
from torchvision import transforms

MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


def read_idx(path):
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def prepare(source, folder, counts):
    """Writes the first `counts` images of each part, 32x32x3, with their labels, where `stored` finds them."""
    for part, prefix in (("train", "train"), ("test", "t10k")):
        grey = read_idx(pathlib.Path(source) / f"{prefix}-images-idx3-ubyte.gz")[: counts[part]]
        labels = read_idx(pathlib.Path(source) / f"{prefix}-labels-idx1-ubyte.gz")[: counts[part]]
        framed = numpy.pad(grey, ((0, 0), (2, 2), (2, 2)))
        numpy.save(f"{folder}/{part}-images.npy", numpy.repeat(framed[..., None], 3, axis=3))
        numpy.save(f"{folder}/{part}-labels.npy", labels.astype(numpy.int64))


def stored(folder, part):
    return numpy.load(f"{folder}/{part}-images.npy"), numpy.load(f"{folder}/{part}-labels.npy")


class Pictures(torch.utils.data.Dataset):
    """As the tutorial has them: each image becomes a picture, and is transformed, whenever it is asked for."""

    def __init__(self, folder, part):
        self.images, self.labels = stored(folder, part)
        self.transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)])

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.transform(PIL.Image.fromarray(self.images[i])), int(self.labels[i])


def normalised(folder, part):
    """All of a part at once, as arrays that are ready to be trained with."""
    images, labels = stored(folder, part)
    scaled = (images.astype(numpy.float32) / 255 - numpy.float32(MEAN)) / numpy.float32(DEVIATION)
    return numpy.ascontiguousarray(scaled.transpose(0, 3, 1, 2)), labels


class Batches:
    """Batches of tensors in memory, shuffled anew each time or in order."""

    def __init__(self, images, labels, batch_size, shuffle):
        self.images, self.labels = images, labels
        self.batch_size, self.shuffle = batch_size, shuffle

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)

    def __iter__(self):
        count = len(self.labels)
        order = torch.randperm(count) if self.shuffle else torch.arange(count)
        for some in order.split(self.batch_size):
            yield self.images[some], self.labels[some]
