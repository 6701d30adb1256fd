"""Learns to read digits with scikit-learn (pip install scikit-learn), and reports after every epoch."""

import json
import os

from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures

params = json.loads(os.environ["TROUPE_PARAMS"])

images, digits = load_digits(return_X_y=True)
x, unseen_x, y, unseen_y = train_test_split(images, digits, random_state=0)
prepare = make_pipeline(MinMaxScaler(), PolynomialFeatures(params["degree"], interaction_only=True))
x, unseen_x = prepare.fit_transform(x), prepare.transform(unseen_x)

model = SGDClassifier(
    loss=params["loss"], alpha=params["alpha"], learning_rate="constant", eta0=params["lr"], random_state=0
)
for _ in range(params["epochs"]):
    model.partial_fit(x, y, classes=range(10))
    print("TROUPE", json.dumps({"accuracy": model.score(unseen_x, unseen_y)}))
