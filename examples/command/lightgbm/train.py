"""Learns with LightGBM (pip install lightgbm scikit-learn): a program that knows nothing of Troupe."""

import argparse

import lightgbm
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--learning-rate", type=float, default=0.1)
parser.add_argument("--num-leaves", type=int, default=31)
parser.add_argument("--min-data-in-leaf", type=int, default=20)
parser.add_argument("--rounds", type=int, default=40)
options = parser.parse_args()

x, unseen_x, y, unseen_y = train_test_split(*load_breast_cancer(return_X_y=True), random_state=0)
data = lightgbm.Dataset(x, y)
lightgbm.train(
    {
        "objective": "binary",
        "learning_rate": options.learning_rate,
        "num_leaves": options.num_leaves,
        "min_data_in_leaf": options.min_data_in_leaf,
        "verbose": -1,
    },
    data,
    options.rounds,
    valid_sets=[lightgbm.Dataset(unseen_x, unseen_y, reference=data)],
    callbacks=[lightgbm.log_evaluation(1)],
)
