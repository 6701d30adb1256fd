"""Learns a line by gradient descent: a training program that knows nothing of Troupe."""

import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, required=True)
parser.add_argument("--batch-size", type=int, required=True)
parser.add_argument("--epochs", type=int, default=20)
options = parser.parse_args()

draw = random.Random(0)
points = [(x, 3 * x - 1 + draw.gauss(0, 0.1)) for x in (draw.uniform(-1, 1) for _ in range(256))]
unseen = points[:64]
slope, offset = 0.0, 0.0
for epoch in range(1, options.epochs + 1):
    for _ in range(16):
        batch = draw.sample(points[64:], options.batch_size)
        errors = [(slope * x + offset - y, x) for x, y in batch]
        slope -= options.lr * sum(e * x for e, x in errors) / len(batch)
        offset -= options.lr * sum(e for e, _ in errors) / len(batch)
    loss = sum((slope * x + offset - y) ** 2 for x, y in unseen) / len(unseen)
    print(f"epoch {epoch}: val_loss={loss:.6g}")
