"""The verbs on Keras models: described under canonical names, trained by the judge's recipe alone."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.wire import Handle, LayerSpec

BUILD = """
import functools
import keras

def build(width):
    model = keras.Sequential([keras.Input((width,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.SGD(1e-9), loss={loss}, metrics={metrics})
    return model

def my_loss(truth, predicted):
    return keras.losses.binary_crossentropy(truth, predicted)

class Odd(keras.losses.Loss):
    def call(self, truth, predicted):
        return keras.ops.abs(truth - predicted)

def build_with(loss, metrics):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", eval(loss), metrics=eval(metrics))
    return model
"""
RECIPE = {"learning_rate": 1e-2, "loss": "binary_crossentropy", "batch_size": 32, "shuffle": True}


def start(session, loss="'bce'", metrics="['accuracy']"):
    assert session.cell(BUILD.replace("{loss}", loss).replace("{metrics}", metrics))["outcome"] == "ok"


def build(session, width=20, seed=3):
    return session.call("build", width, seed=seed)["value"]


def data(width=20):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 2, size=(400, width)).astype(np.float32)
    return x, (x[:, : width // 2].sum(1) > x[:, width // 2 :].sum(1)).astype(np.float32)


def fit(session, model, epochs=1, seed=1, *, resume=False, x=None, y=None):
    question = {"ask": "fit", "model": model, "recipe": RECIPE, "seed": seed, "epochs": epochs}
    return session.ask(question | {"inputs": x, "targets": y, "resume": resume, "seconds": 60.0})


def verb(session, name, model, **rest):
    return session.ask({"ask": name, "model": model, "seconds": 30.0, **rest})["value"]


def described(session, loss, metrics="[]"):
    return verb(session, "describe", session.call("build_with", loss, metrics)["value"])


def test_a_model_stays_in_the_worker_and_is_described(keras_session):
    start(keras_session)
    model = build(keras_session)
    assert type(model) is Handle
    assert model.kind == "model"
    description = verb(keras_session, "describe", model)
    layer = description.pop("layers")[0]
    assert description == {
        "class_name": "Sequential",
        "input_shape": (None, 20),
        "output_shape": (None, 1),
        "parameters": 21,
        "trainable_parameters": 21,
        "loss": {"name": "binary_crossentropy", "class": "binary_crossentropy", "from_logits": False}
        | {"config": {}},
        "metrics": [{"name": "accuracy", "class": "accuracy"}],
        "optimizer": "sgd",
    }
    assert (layer["class_name"], layer["output_shape"], layer["parameters"]) == ("Dense", (None, 1), 21)
    assert layer["config"]["units"] == 1
    assert layer["config"]["activation"] == "sigmoid"


def test_every_spelling_of_binary_cross_entropy_has_one_name(keras_session):
    start(keras_session)
    spellings = {
        "'bce'": False,
        "'binary_crossentropy'": False,
        "'BinaryCrossentropy'": False,
        "'crossentropy'": False,
        "['bce']": False,
        "keras.losses.binary_crossentropy": False,
        "keras.metrics.binary_crossentropy": False,
        "keras.losses.BinaryCrossentropy()": False,
        "keras.losses.BinaryCrossentropy": False,
        "keras.losses.BinaryCrossentropy(from_logits=True)": True,
        "functools.partial(keras.losses.binary_crossentropy, from_logits=True)": True,
        "{'class_name': 'BinaryCrossentropy', 'config': {}}": False,
        "my_loss": None,
        "lambda t, p: keras.losses.binary_crossentropy(t, p)": None,
    }
    for spelling, logits in spellings.items():
        loss = described(keras_session, spelling)["loss"]
        assert (loss["name"], loss["from_logits"]) == ("binary_crossentropy", logits), spelling


def test_other_losses_keep_their_own_names(keras_session):
    start(keras_session)
    names = {
        "'mse'": "mean_squared_error",
        "keras.losses.SparseCategoricalCrossentropy()": "sparse_categorical_crossentropy",
        "keras.losses.BinaryFocalCrossentropy()": "binary_focal_crossentropy",
        "Odd()": "custom",
        "'no such loss'": "unknown",
    }
    for spelling, name in names.items():
        assert described(keras_session, spelling)["loss"]["name"] == name, spelling


def test_every_accuracy_that_fits_one_probability_is_accuracy(keras_session):
    start(keras_session)
    spellings = [
        "['accuracy']",
        "['acc']",
        "['binary_accuracy']",
        "[keras.metrics.BinaryAccuracy(name='mine')]",
        "[keras.metrics.binary_accuracy]",
        "{'dense': 'accuracy'}",
        "[['accuracy']]",
    ]
    for spelling in spellings:
        (metric,) = described(keras_session, "'bce'", spelling)["metrics"]
        assert metric["name"] == "accuracy", spelling


def test_a_metric_that_is_no_fitting_accuracy_is_not_called_accuracy(keras_session):
    start(keras_session)
    names = {
        "[keras.metrics.Accuracy()]": "accuracy_by_equality",
        "['sparse_categorical_accuracy']": "sparse_categorical_accuracy",
        "['AUC']": "auc",
        "['mse']": "mean_squared_error",
        "[my_loss]": "custom",
        "['nonsense']": "unknown",
    }
    for spelling, name in names.items():
        (metric,) = described(keras_session, "'bce'", spelling)["metrics"]
        assert metric["name"] == name, spelling


def test_models_that_are_not_built_or_not_compiled_are_described_with_none(keras_session):
    start(keras_session)
    keras_session.cell(
        "def bare():\n    return keras.Sequential([keras.layers.Dense(1)])\n"
        "def two():\n    a = keras.Input((4,)); b = keras.Input((None, 3))\n"
        "    return keras.Model([a, b], [a, keras.layers.LSTM(2)(b)])\n"
    )
    bare = verb(keras_session, "describe", keras_session.call("bare")["value"])
    for key in ("input_shape", "output_shape", "parameters", "loss", "optimizer"):
        assert bare[key] is None, key
    two = verb(keras_session, "describe", keras_session.call("two")["value"])
    assert two["input_shape"] == [(None, 4), (None, None, 3)]
    assert two["output_shape"] == [(None, 4), (None, 2)]


def test_training_follows_the_recipe_and_not_the_students_optimiser(keras_session):
    start(keras_session)  # SGD(1e-9): left alone it learns nothing
    model, (x, y) = build(keras_session), data()
    history = fit(keras_session, model, epochs=5, x=x, y=y)["value"]
    assert list(history) == ["loss"]
    assert history["loss"][-1] < history["loss"][0] - 0.05


def test_training_is_the_same_bit_by_bit_in_another_worker(open_keras_session):
    results = []
    for _ in range(2):
        session = open_keras_session()
        start(session)
        model, (x, y) = build(session), data()
        fit(session, model, epochs=2, x=x, y=y)
        results.append(verb(session, "weights", model))
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def test_another_seed_trains_differently(keras_session):
    start(keras_session)
    model, (x, y) = build(keras_session), data()
    first = verb(keras_session, "weights", model)
    losses = []
    for seed in (1, 1, 2):
        verb(keras_session, "set_weights", model, weights=first)
        losses.append(fit(keras_session, model, seed=seed, x=x, y=y)["value"]["loss"])
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_epoch_by_epoch_goes_on_where_it_stopped(keras_session):
    start(keras_session)
    model, (x, y) = build(keras_session), data()
    one = fit(keras_session, model, epochs=1, x=x, y=y)["value"]["loss"]
    two = fit(keras_session, model, epochs=1, x=x, y=y, resume=True)["value"]["loss"]
    assert two[0] < one[0]


def test_the_description_is_the_students_also_after_training(keras_session):
    start(keras_session, loss="'mse'", metrics="['AUC']")
    model, (x, y) = build(keras_session), data()
    before = verb(keras_session, "describe", model)
    fit(keras_session, model, x=x, y=y)
    assert verb(keras_session, "describe", model) == before
    assert before["loss"]["name"] == "mean_squared_error"


def test_a_metric_of_the_students_that_raises_does_not_stop_the_training(keras_session):
    start(keras_session, metrics="['no such metric']")
    model, (x, y) = build(keras_session), data()
    assert fit(keras_session, model, x=x, y=y)["outcome"] == "returned"


def test_weights_are_read_and_set_and_predictions_follow(keras_session):
    start(keras_session)
    model = build(keras_session, width=2)
    verb(keras_session, "set_weights", model, weights=[np.zeros((2, 1), "f4"), np.array([1.0], "f4")])
    predicted = verb(keras_session, "predict", model, inputs=np.ones((5, 2), "f4"), batch_size=2)
    assert predicted.shape == (5, 1)
    np.testing.assert_allclose(predicted, 1 / (1 + np.exp(-1.0)), rtol=1e-6)


NOTED = """
import keras
import tensorflow as tf

ways = []

class Noted(keras.layers.Layer):
    def call(self, x):
        ways.append("one by one" if tf.executing_eagerly() else "graph")
        return x

def noted():
    return keras.Sequential([keras.Input((20,)), Noted(), keras.layers.Dense(1, activation="sigmoid")])

def take_ways():
    taken = list(ways)
    ways.clear()
    return taken
"""


def noted(session):
    session.cell(NOTED)
    model = session.call("noted")["value"]
    session.call("take_ways")
    return model


def test_few_numbers_are_predicted_without_a_graph_and_many_with_one(keras_session):
    model, (x, _) = noted(keras_session), data()
    few = verb(keras_session, "predict", model, inputs=x[:5], batch_size=256)
    assert keras_session.call("take_ways")["value"] == ["one by one"]
    many = verb(keras_session, "predict", model, inputs=x, batch_size=256)
    assert keras_session.call("take_ways")["value"] == ["graph"]
    np.testing.assert_allclose(few, many[:5], rtol=1e-6)

    verb(keras_session, "predict", model, inputs=x[:5], batch_size=256)
    verb(keras_session, "predict", model, inputs=x, batch_size=256)
    assert keras_session.call("take_ways")["value"] == ["one by one"]  # the graph was kept


def test_the_training_step_is_traced_once(keras_session):
    model, (x, y) = noted(keras_session), data()
    fit(keras_session, model, epochs=2, x=x, y=y)
    assert keras_session.call("take_ways")["value"] == ["graph"]


TUNED = """
import tensorflow as tf

with_options, tuned = tf.data.Dataset.with_options, []

def noting(dataset, options, **settings):
    tuned.append(options.autotune.enabled)
    return with_options(dataset, options, **settings)

tf.data.Dataset.with_options = noting

def last_of_keras():
    tf.data.Dataset.with_options = with_options
    return tuned[-1], tf.data.Dataset.range(3).prefetch(1).options().autotune.enabled
"""


def test_the_batches_of_a_training_wait_for_no_tuner_and_other_pipelines_are_left_alone(keras_session):
    start(keras_session)
    model, (x, y) = build(keras_session), data()
    keras_session.cell(TUNED)
    fit(keras_session, model, x=x, y=y)
    assert keras_session.call("last_of_keras")["value"] == (False, None)


def test_weights_of_the_wrong_shape_are_an_answer_not_an_accident(keras_session):
    start(keras_session)
    model = build(keras_session, width=2)
    reply = keras_session.ask(
        {"ask": "set_weights", "model": model, "weights": [np.zeros(3)], "seconds": 5.0}
    )
    assert (reply["outcome"], reply["type"]) == ("raised", "ValueError")


def test_a_layer_is_built_with_its_weights_and_given_as_an_argument(keras_session):
    start(keras_session)
    keras_session.cell(
        "def run(layer, x):\n    return layer(x)\ndef kind(layer):\n    return type(layer).__name__"
    )
    rng = np.random.default_rng(1)
    arrays = tuple(rng.normal(size=shape).astype("f4") for shape in ((3, 16), (4, 16), (16,)))
    config = {"units": 4, "return_sequences": True, "return_state": True}
    spec = LayerSpec("LSTM", config, (None, None, 3), arrays)
    x = rng.normal(size=(2, 5, 3)).astype("f4")
    output, h, c = keras_session.call("run", spec, x)["value"]
    assert (output.shape, h.shape, c.shape) == ((2, 5, 4), (2, 4), (2, 4))
    np.testing.assert_array_equal(output[:, -1], h)
    handle = keras_session.ask({"ask": "build_layer", "spec": spec})["value"]
    assert handle.kind == "layer"
    np.testing.assert_array_equal(keras_session.call("run", handle, x)["value"][0], output)
    assert all(
        np.array_equal(a, b) for a, b in zip(verb(keras_session, "weights", handle), arrays, strict=True)
    )
    nested = LayerSpec("Bidirectional", {"layer": LayerSpec("GRU", {"units": 2})}, (None, None, 3))
    assert keras_session.call("kind", nested)["value"] == "Bidirectional"


def test_the_same_model_has_the_same_handle_until_it_is_forgotten(keras_session):
    start(keras_session)
    keras_session.cell(
        "kept = build(3)\ndef again():\n    return [kept, kept]\ndef is_kept(m): return m is kept"
    )
    first, second = keras_session.call("again")["value"]
    assert first == second
    assert keras_session.call("is_kept", first)["value"] is True
    assert keras_session.ask({"ask": "forget", "handle": first}) == {}
    reply = keras_session.ask({"ask": "describe", "model": first, "seconds": 5.0})
    assert (reply["outcome"], reply["type"]) == ("raised", "KeyError")


def test_tensors_and_variables_arrive_as_arrays(keras_session):
    keras_session.cell(
        "import tensorflow as tf, keras\n"
        "def many():\n"
        "    return [tf.constant([1.5]), tf.Variable([2]), keras.Variable([3.0]), keras.ops.ones(2),\n"
        "            tf.constant('word'), keras.Input((3,)), tf.ragged.constant([[1], []])]\n"
    )
    value = keras_session.call("many")["value"]
    for item, expected in zip(value[:4], ([1.5], [2], [3.0], [1.0, 1.0]), strict=True):
        assert type(item) is np.ndarray
        assert item.tolist() == expected
    assert [item.type_name for item in value[5:]] == ["KerasTensor", "RaggedTensor"]


def test_prediction_that_takes_too_long_times_out(keras_session):
    start(keras_session)
    keras_session.cell(
        "class Slow(keras.Model):\n"
        "    def predict(self, *args, **kwargs):\n"
        "        while True: pass\n"
        "def slow():\n    return Slow()\n"
    )
    model = keras_session.call("slow")["value"]
    question = {"ask": "predict", "model": model, "inputs": np.ones((1, 2)), "batch_size": 1}
    assert keras_session.ask(question | {"seconds": 0.3}) == {"outcome": "timed_out"}


def test_a_class_that_is_no_layer_is_refused(keras_session):
    reply = keras_session.ask({"ask": "build_layer", "spec": LayerSpec("os"), "seconds": 5.0})
    assert (reply["outcome"], reply["type"]) == ("raised", "WireError")


@pytest.mark.parametrize("name", ["weights", "describe"])
def test_a_layer_answers_like_a_model(keras_session, name):
    spec = LayerSpec("Dense", {"units": 2}, (None, 3))
    handle = keras_session.ask({"ask": "build_layer", "spec": spec})["value"]
    value = verb(keras_session, name, handle)
    assert len(value) == 2 if name == "weights" else value["parameters"] == 8


def test_peak_memory_counts_tensors_too(keras_session):
    keras_session.cell(
        "import keras, numpy as np\n"
        "def frugal(ids):\n    return np.zeros((200, 50_000), 'f4')\n"
        "def greedy(ids):\n    return keras.ops.max(keras.ops.one_hot(ids, 50_000), axis=1)\n"
    )
    ids = np.ones((200, 10), np.int32)
    result = 200 * 50_000 * 4
    frugal = keras_session.call("frugal", ids, measure_memory=True)
    assert result <= frugal["peak_bytes"] < 1.1 * result
    greedy = keras_session.call("greedy", ids, measure_memory=True)
    assert greedy["value"].shape == (200, 50_000)
    assert greedy["peak_bytes"] > 8 * result


def test_a_call_may_plot_and_display_as_a_cell_does(keras_session):
    keras_session.cell(
        "import matplotlib.pyplot as plt\n"
        "def plot():\n"
        "    plt.plot([1, 2]); plt.show(); display('text'); help(len)\n"
        "    return plt.get_fignums()\n"
        "def leave_open():\n    plt.figure(); return len(plt.get_fignums())\n"
    )
    assert keras_session.call("plot")["value"] == []
    assert [keras_session.call("leave_open")["value"] for _ in range(2)] == [1, 1]
