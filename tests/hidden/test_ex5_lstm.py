"""Hidden checks of `ex5_lstm`: series, states, types, a classifier and a tagger.

Models are judged by their weights and their answers: a NumPy LSTM with the student's own weights says what
comes out, and what each known mistake would give.  A check's docstring is the claim that the student reads;
a hint says where to look, never the answer.
"""

import functools
import itertools
from collections import Counter

import numpy as np
import pytest

from autograder import reviews
from autograder.checking import LayerSpec, TrainingRecipe, exercise, expect, reaches, special
from autograder.checking.stops import Stopped, failed
from solutions import ex2_one_hot as words
from solutions import ex4_recurrent_cells as cells
from solutions import ex5_lstm as reference

FEATURES = 8
SIZES = [(32, 20, 16), (3, 7, 5), (2, 1, 3)]
"""(batch, time, units); the first is the session's example."""
ROWS, DIM, UNITS, TAGS = 50, 6, 5, 4
VOCABULARY, LENGTH = 1000, 40
OPINIONS = (1, 2, 3)

# ------------------------------------------------------------------------------- what a model holds


def built_model(value):
    """The model, once it is one that has its weights."""
    model = expect.model(value, hint="Does your function end with a return of the model?")
    expect.that(
        model.parameters > 0,
        "The model is not built: it does not know what comes in and has no weights yet.",
        hint="Say in the model what comes in; keras.Input does it.",
    )
    return model


def is_number(value):
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def is_whole(number):
    return type(number) is int and number > 0


def takes_any_series(model):
    """The model's input is (any batch, any length, 8 features)."""
    hint = "Write the shape of one series for keras.Input; an axis of any length is None there."
    stateful = any(layer.config.get("stateful") is True for layer in model.layers)
    expect.that(
        not stateful,
        "The layer is stateful: a second call goes on where the first one stopped, and the batch has a fixed "
        "size.",
        hint="Layers keep Keras' default arguments here.",
    )
    shape = model.input_shape
    if (
        shape is None
    ):  # a model of one's own class: Keras keeps no input shape of it, and its answers will tell
        return
    one = isinstance(shape, list | tuple) and len(shape) == 3 and not any(map(is_sequence, shape))
    expect.that(one, "The input of the model is not a series of the shape (batch, time, 8).", hint=hint)
    batch, steps, features = shape
    expect.that(
        not is_whole(batch),
        f"The model takes exactly {batch} series at once; any number is asked.",
        hint=hint,
    )
    turned = ": time and features look exchanged" if steps == FEATURES else ""
    expect.that(
        features == FEATURES,
        f"The input has {features} features a step{turned}; {FEATURES} are asked.",
        hint=hint,
    )
    expect.that(
        not is_whole(steps),
        f"The model reads series of exactly {steps} steps; any length is asked.",
        hint=hint,
    )


def is_floats(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 0


def is_sequence(value):
    return isinstance(value, list | tuple)


def give_weights(model, rng, scale=0.3):
    """Give the model random weights of some size; returns them as float64."""
    weights = [rng.normal(0, scale, size=weight.shape).astype("float32") for weight in model.weights()]
    model.set_weights(weights)
    return [weight.astype("float64") for weight in weights]


def gru_shapes(features, units):
    return [(features, 3 * units), (units, 3 * units), (2, 3 * units)]


def lstm_shapes(features, units):
    return [(features, 4 * units), (units, 4 * units), (4 * units,)]


WEIGHTS_HINT = "Compare model.summary() and the shapes of model.get_weights() with what you meant to build."


def has_weights(shapes, wanted, features, units, *, asked):
    """The model's weights have the shapes of what is asked (an LSTM, a GRU, ...), in this order.

    A known mistake of the recurrent layer is called by its name.
    """
    if shapes == wanted:
        return
    counted = Counter(shapes)
    lstm, gru = lstm_shapes(features, units), gru_shapes(features, units)
    want = Counter(wanted)
    recurrent = [shape for shape in shapes if len(shape) == 2 and shape[0] and shape[1] % shape[0] == 0]
    if shapes[: len(wanted)] == wanted and len(shapes[len(wanted)]) == 2 and shapes[len(wanted)] != lstm[0]:
        why = "has one more layer with weights than is asked"
    elif all(counted[s] > want[s] for s in lstm) and not want[gru[1]]:
        why = "has more LSTMs than are asked: each has weights of its own (two layers, or two directions)"
    elif want[lstm[1]] > counted[lstm[1]] > 0:
        why = f"has {counted[lstm[1]]} LSTM where {want[lstm[1]]} are asked"
    elif counted[lstm[1]] > 1 and counted[lstm[0]] != counted[lstm[1]]:
        why = "has more than one recurrent layer, one on top of the other"
    elif want[lstm[1]] and counted[gru[1]]:
        why = "has three blocks of weights, as a GRU has; an LSTM has four"
    elif want[gru[1]] and counted[lstm[1]]:
        why = "has four blocks of weights, as an LSTM has; a GRU has three"
    elif want[gru[1]] and counted[gru[1]] and counted[(3 * units,)]:
        why = (
            "has a GRU with a single bias: its reset gate comes before the product, which is not the default"
        )
    elif counted[(units, units)] and counted[(features, units)]:
        why = "has the one block of weights of a simple recurrent cell"
    elif counted[lstm[0]] and counted[lstm[1]] and not counted[lstm[2]]:
        why = "has no bias in its LSTM"
    elif not any(shape[1] in (3 * shape[0], 4 * shape[0], shape[0]) for shape in recurrent):
        why = "has no recurrent layer"
    elif not counted[(units, 4 * units)] and not counted[(units, 3 * units)]:
        sizes = sorted({shape[0] for shape in recurrent if shape[1] in (3 * shape[0], 4 * shape[0])})
        why = f"has a layer of {' and '.join(map(str, sizes)) or 'other'} units, where {units} are asked"
    else:
        listed = ", ".join(map(str, shapes[:8])) or "none"
        why = f"has weights of the shapes {listed}, which are not those of {asked}"
    expect.that(False, f"The model {why}.", hint=WEIGHTS_HINT)


def one_direction(model, kind):
    """No layer reads in both directions; one that does has twice the states."""
    values = {
        "an LSTM": "five values with its states, the output and h and c of each direction",
        "a GRU": "three values with its states, the output and the h of each direction",
    }[kind]
    expect.that(
        all(layer.class_name != "Bidirectional" for layer in model.layers),
        f"The model reads in both directions, and one is asked. A Bidirectional layer gives {values}.",
        hint=WEIGHTS_HINT,
    )


def recurrent_weights(model, rng, units, kind):
    """The random weights of a model that is one LSTM or one GRU on 8 features."""
    one_direction(model, kind)
    wanted = lstm_shapes(FEATURES, units) if kind == "an LSTM" else gru_shapes(FEATURES, units)
    shapes = [tuple(weight.shape) for weight in model.weights()]
    has_weights(shapes, wanted, FEATURES, units, asked=kind)
    return give_weights(model, rng)


TAKEN_APART = {
    (
        "serie_to_serie",
        2,
    ): "{call} takes two values apart; an LSTM with its states gives three, the output, h and c",
    (
        "serie_to_serie",
        3,
    ): "{call} takes three values apart, and another number comes; a Bidirectional layer "
    "with its states gives five, and here one direction is asked",
    ("gru_states", 3): "{call} takes three values apart, as an LSTM gives them; a GRU has one state, so the "
    "output and h are all that comes",
}
"""By function, and how many values it takes apart: what a ValueError in that line means."""


def model_with_states(function, units):
    """The model of a function that takes a layer's values apart; a wrong count of them is told."""
    try:
        return built_model(function(units))
    except Stopped as stopped:
        error = stopped.error
        if error is None or "ValueError" not in error.ancestors or "=" not in error.text:
            raise
        seen = TAKEN_APART.get((function.name, 1 + error.text.partition("=")[0].count(",")))
        if seen is None:
            raise
        raise failed(f"{seen}: it {error.sentence()}.", hint=STATES_HINT) from None


def series(rng, n, steps, features=FEATURES):
    return rng.normal(size=(n, steps, features)).astype("float32")


# ----------------------------------------------------------------------------- what comes out of it


def lstm(x, K, U, b, mask=None):
    zeros = np.zeros((len(x), len(U)))
    return cells.lstm_forward(x.astype("float64"), zeros, zeros, K, U, b, mask=mask)


def relu_lstm(x, K, U, b, mask=None):
    """An LSTM whose activation is relu: (outputs, h, c)."""
    h = c = np.zeros((len(x), len(U)))
    outputs = []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ K + h @ U + b, 4, axis=1)
        new_c = sigmoid(f) * c + sigmoid(i) * g.clip(0, 1e6)
        new_h = sigmoid(o) * new_c.clip(0)
        if mask is not None:
            real = mask[:, t, np.newaxis]
            new_h, new_c = np.where(real, new_h, h), np.where(real, new_c, c)
        h, c = new_h, new_c
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)


def gru(x, K, U, b):
    h = np.zeros((len(x), len(U)))
    outputs = []
    for t in range(x.shape[1]):
        h = cells.gru_step(x[:, t].astype("float64"), h, K, U, b)
        outputs.append(h)
    return np.stack(outputs, axis=1), h


def names_of_states(parts):
    """A dict of outputs has names and no order."""
    expect.that(
        not isinstance(parts, dict),
        "The model gives its outputs as a dict; a list is asked, in this order.",
        hint="What does keras.Model take for its outputs?",
    )
    return parts


# --------------------------------------------------------------------------------- serie_to_vector


@exercise("serie_to_vector")
def test_vector_reads_any_series(submission):
    """`serie_to_vector(units)` returns a built model that reads series of any length with 8 features."""
    takes_any_series(built_model(submission.serie_to_vector(7)))


@exercise("serie_to_vector", weight=2)
@pytest.mark.parametrize(("n", "steps", "units"), SIZES)
def test_vector_is_the_last_output(submission, rng, n, steps, units):
    """A series becomes one vector, the output of the LSTM at its last step: (32, 20, 8) gives (32, 16)."""
    model = built_model(submission.serie_to_vector(units))
    takes_any_series(model)
    K, U, b = recurrent_weights(model, rng, units, "an LSTM")
    x = series(rng, n, steps)
    outputs, h, c = lstm(x, K, U, b)
    expect.array(
        model.predict(x),
        h,
        axes="batch units",
        atol=1e-4,
        hint="What does the layer return by default, and which argument changes that?",
        confusions={
            "The model gives the output of every step, (batch, time, units); the last one alone is asked: "
            "return_sequences is left on.": outputs,
            "The model gives the carry state c; the last output is the memory state h.": c,
            "The model gives the output of step 0; the last one is asked.": outputs[:, 0],
            "The model gives the mean of the outputs over time; the last one is asked.": outputs.mean(axis=1),
            "The model reads the series from its end.": lstm(x[:, ::-1], K, U, b)[1],
            "The model has relu for its activation; an LSTM's own is tanh, which keeps its outputs within "
            "±1.": relu_lstm(x, K, U, b)[1],
        }
        if steps > 1
        else {},
    )


# ---------------------------------------------------------------------------------- serie_to_serie


def states_mistakes(outputs, h, c):
    """Sentence -> what the mistake returns, of the outputs, h and c of an LSTM."""
    exchanged = "its h can leave ±1, which o · tanh(c) cannot"
    return {
        f"The model gives output, c, h: the two states are exchanged ({exchanged}).": [outputs, c, h],
        "The model gives the memory state h twice; the third value is the carry state c.": [outputs, h, h],
        "The model gives the carry state c twice; the second value is the memory state h.": [outputs, c, c],
        "The model gives the states first; the output comes first, then h, then c.": [h, c, outputs],
        "The model gives the last output alone where the series is asked: return_sequences is missing.": [
            outputs[:, -1],
            h,
            c,
        ],
        "The model leaves the carry state c out: an LSTM has two states.": [outputs, h],
        "The model joins h and c to one array; they are two values.": [
            outputs,
            np.concatenate([h, c], axis=1),
        ],
    }


STATES_AXES = {"output": "batch time units", "memory state": "batch units", "carry state": "batch units"}
STATES_HINT = (
    "Which two arguments of the layer ask for the series and for the states, and what comes in which place?"
)


@exercise("serie_to_serie")
def test_serie_reads_any_series(submission):
    """`serie_to_serie(units)` returns a built model that reads series of any length with 8 features."""
    takes_any_series(model_with_states(submission.serie_to_serie, 7))


def series_and_states(submission, rng, n, steps, units):
    """(what the model gives, its output, h and c, what comes out of a reading from the end)."""
    model = model_with_states(submission.serie_to_serie, units)
    takes_any_series(model)
    K, U, b = recurrent_weights(model, rng, units, "an LSTM")
    x = series(rng, n, steps)
    return (
        names_of_states(model.predict(x)),
        lstm(x, K, U, b),
        {
            "The model reads the series from its end.": list(lstm(x[:, ::-1], K, U, b)),
            "The model has relu for the activation; an LSTM's own is tanh, which keeps h within ±1.": list(
                relu_lstm(x, K, U, b)
            ),
        },
    )


@exercise("serie_to_serie", weight=3)
@pytest.mark.parametrize(("n", "steps", "units"), [(32, 20, 18), (3, 7, 5)])
def test_serie_gives_output_and_both_states(submission, rng, n, steps, units):
    """The session's example: (32, 20, 8) gives an output (32, 20, 18) and two states (32, 18), h and c."""
    got, (outputs, h, c), other = series_and_states(submission, rng, n, steps, units)
    if isinstance(got, np.ndarray):
        got = [got]
    expect.that(
        not (is_sequence(got) and len(got) == 1),
        "The model gives one value; three are asked, the output and two states: return_state is missing.",
        hint=STATES_HINT,
    )
    expect.arrays(
        got,
        dict(zip(STATES_AXES, (outputs, h, c), strict=True)),
        axes=STATES_AXES,
        atol=1e-4,
        hint=STATES_HINT,
        confusions={**states_mistakes(outputs, h, c), **other},
    )


@exercise("serie_to_serie", weight=2)
def test_memory_is_the_last_output_and_stays_small(submission, rng):
    """The memory state is the last output and stays within ±1; the carry state may grow far beyond."""
    units = 4
    model = model_with_states(submission.serie_to_serie, units)
    takes_any_series(model)
    recurrent_weights(model, rng, units, "an LSTM")
    open_gates = [np.zeros(shape, "float32") for shape in lstm_shapes(FEATURES, units)]
    open_gates[2][:] = np.repeat([6.0, 6.0, 3.0, 2.0], units)
    model.set_weights(open_gates)
    got = names_of_states(model.predict(series(rng, 2, 9)))
    three = is_sequence(got) and len(got) == 3 and all(map(is_floats, got))
    expect.that(three, "The model does not give three values, the output and two states.", hint=STATES_HINT)
    output, h, c = got
    shapes = tuple(map(int, h.shape)), tuple(map(int, c.shape))
    expect.that(
        output.ndim == 3 and shapes == ((2, units), (2, units)),
        f"The states have the shapes {shapes[0]} and {shapes[1]}; (batch, units) is asked of both, after an "
        "output with a time axis.",
        hint=STATES_HINT,
    )
    reached = float(np.abs(h).max())
    expect.that(
        reached <= 1 + 1e-6,
        f"Your h reaches {reached:.1f}; h = o · tanh(c) stays within ±1: h and c are exchanged.",
        hint=STATES_HINT,
    )
    expect.that(
        bool(np.abs(c).max() > 5),
        "Your c stays small where all gates are open: it is no carry state.",
        hint=STATES_HINT,
    )
    expect.that(
        np.allclose(output[:, -1], h, atol=1e-5),
        "The last step of the output differs from the memory state h.",
        hint="Do output and states come from one and the same call of one layer?",
    )


# -------------------------------------------------------------------------------------- gru_states


@exercise("gru_states")
def test_gru_reads_any_series(submission):
    """`gru_states(units)` returns a built model that reads series of any length with 8 features."""
    takes_any_series(model_with_states(submission.gru_states, 7))


@exercise("gru_states", weight=2)
@pytest.mark.parametrize(("n", "steps", "units"), [(32, 20, 18), (3, 7, 5)])
def test_gru_gives_output_and_its_state(submission, rng, n, steps, units):
    """A GRU has one state: (32, 20, 8) gives an output (32, 20, 18) and h (32, 18)."""
    model = model_with_states(submission.gru_states, units)
    takes_any_series(model)
    K, U, b = recurrent_weights(model, rng, units, "a GRU")
    x = series(rng, n, steps)
    outputs, h = gru(x, K, U, b)
    got = names_of_states(model.predict(x))
    hint = "How many values does a GRU layer return with return_state=True? Print them."
    expect.that(
        not isinstance(got, np.ndarray),
        "The model gives one value; two are asked, the output and the state h.",
        hint=hint,
    )
    expect.arrays(
        got,
        {"output": outputs, "state": h},
        axes={"output": "batch time units", "state": "batch units"},
        atol=1e-4,
        hint=hint,
        confusions={
            "The model gives three values, as an LSTM does; a GRU has one state.": [outputs, h, h],
            "The model gives the state first; the output comes first.": [h, outputs],
            "The model gives the last output alone where the whole series is asked: return_sequences is "
            "missing.": [outputs[:, -1], h],
        },
    )


# ----------------------------------------------------------------------------------- run_in_chunks


def some_layer(rng, kind, units=5, features=3, **settings):
    """A layer for the student's function, and its weights in float64."""
    shapes = (lstm_shapes if kind == "LSTM" else gru_shapes)(features, units)
    weights = tuple(rng.normal(0, 0.8, size=shape).astype("float32") for shape in shapes)
    config = {"units": units, "return_sequences": True, "return_state": True, **settings}
    spec = LayerSpec(kind, config, (None, None, features), weights)
    return spec, [weight.astype("float64") for weight in weights]


def in_pieces(x, cuts, kind, weights, carry, *, backwards=False):
    """The outputs of each piece between the cuts; ``carry`` makes the next states of (states, first)."""
    units = weights[1].shape[0]
    count = 2 if kind == "LSTM" else 1
    states, outputs, first = [np.zeros((len(x), units))] * count, [], None
    for start, end in itertools.pairwise(cuts):
        piece = x[:, start:end].astype("float64")
        piece = piece[:, ::-1] if backwards else piece
        if kind == "LSTM":
            output, *after = cells.lstm_forward(piece, *states, *weights)
        else:
            parts, h = [], states[0]
            for t in range(piece.shape[1]):
                h = cells.gru_step(piece[:, t], h, *weights)
                parts.append(h)
            output, after = np.stack(parts, axis=1), [h]
        first = first or after
        states = carry(after, first)
        outputs.append(output)
    return outputs


def cuts_of(steps, k):
    return [*range(0, steps, k), steps]


def chunk_mistakes(x, k, kind, weights):
    """Sentence -> what the mistake returns, for those that differ here from the right answer."""
    steps = x.shape[1]
    cuts = cuts_of(steps, k)

    def joined(carry, where=cuts):
        return np.concatenate(in_pieces(x, where, kind, weights, carry), axis=1)

    def keep(after, _):
        return after

    right = in_pieces(x, cuts, kind, weights, keep)
    found = {
        "{call} starts every chunk from zeros: the states of the chunk before are not handed over.": joined(
            lambda after, first: [0 * state for state in after]
        ),
        "{call} starts every chunk from the states after the first one.": joined(lambda after, first: first),
        "{call} gives the outputs of the last chunk alone.": right[-1],
        "{call} gives the last output of each chunk alone.": np.stack(
            [part[:, -1] for part in right], axis=1
        ),
        "{call} never reads the last chunk, which is shorter than k.": joined(
            keep, [*range(0, max(steps // k, 1) * k, k), max(steps // k, 1) * k]
        )
        if steps >= k
        else right[0],
        "{call} runs from the last chunk to the first.": reversed_chunks(x, cuts, kind, weights),
        "{call} cuts the batch; the time is to be cut.": np.concatenate(right, axis=1)[:k],
    }
    if kind == "LSTM":
        found |= {
            "{call} hands c over for h and h for c: the states are exchanged.": joined(
                lambda after, first: after[::-1]
            ),
            "{call} hands h over for both memories: c is lost.": joined(lambda after, first: [after[0]] * 2),
            "{call} hands h over and starts c from zeros: the long-term memory is lost.": joined(
                lambda after, first: [after[0], 0 * after[1]]
            ),
        }
    whole = np.concatenate(right, axis=1)
    return {
        sentence: wrong
        for sentence, wrong in found.items()
        if wrong.shape != whole.shape or not np.allclose(wrong, whole, atol=1e-3)
    }


def reversed_chunks(x, cuts, kind, weights):
    sizes = np.diff(cuts)
    turned = np.concatenate([x[:, a:b] for a, b in list(itertools.pairwise(cuts))[::-1]], axis=1)
    pieces = in_pieces(turned, [0, *np.cumsum(sizes[::-1])], kind, weights, lambda after, first: after)
    return np.concatenate(pieces[::-1], axis=1)


CHUNKS_HINT = (
    "Print what the layer returns for one chunk: which part is the output, and what does the next chunk need?"
)


def same_chunks(got, x, k, kind, weights, hint=CHUNKS_HINT):
    if is_sequence(got) and got and all(isinstance(part, np.ndarray) for part in got):
        parts = (
            "a list of chunks; they are to be joined along the time"
            if got[0].ndim == got[-1].ndim
            else ("the states too; the outputs alone are asked")
        )
        expect.that(False, f"{{call}} gives {parts}.", hint=hint)
    pieces = in_pieces(x, cuts_of(x.shape[1], k), kind, weights, lambda after, first: after)
    want = np.concatenate(pieces, axis=1)
    confusions = chunk_mistakes(x, k, kind, weights)
    expect.array(got, want, axes="batch time units", atol=1e-4, hint=hint, confusions=confusions)


@exercise("run_in_chunks", weight=2)
@pytest.mark.parametrize("k", [3, 4, 11])
def test_chunks_give_the_outputs_of_one_pass(submission, rng, k):
    """In chunks of k steps an LSTM gives the same outputs as in one pass."""
    layer, weights = some_layer(rng, "LSTM")
    x = series(rng, 4, 12, 3)
    same_chunks(submission.run_in_chunks(layer, x, k), x, k, "LSTM", weights)


@exercise("run_in_chunks")
def test_chunks_work_for_a_gru(submission, rng):
    """A GRU, which has one state, can be run in chunks too."""
    layer, weights = some_layer(rng, "GRU")
    x = series(rng, 2, 8, 3)
    same_chunks(submission.run_in_chunks(layer, x, 3), x, 3, "GRU", weights)


@exercise("run_in_chunks")
@pytest.mark.parametrize(("steps", "k"), [(5, 1), (6, 6), (4, 9)])
def test_chunks_of_any_size(submission, rng, steps, k):
    """k may be 1, the whole length, or more than that."""
    layer, weights = some_layer(rng, "LSTM", units=3)
    x = series(rng, 2, steps, 3)
    same_chunks(submission.run_in_chunks(layer, x, k), x, k, "LSTM", weights)


@exercise("run_in_chunks")
def test_layer_sees_k_steps_at_a_time(submission, rng):
    """The layer is given k steps at a time; one that reads each chunk from its end shows it."""
    layer, weights = some_layer(rng, "LSTM", go_backwards=True)
    x = series(rng, 2, 10, 3)

    def pieces(cuts):
        return np.concatenate(
            in_pieces(x, cuts, "LSTM", weights, lambda after, first: after, backwards=True), axis=1
        )

    expect.array(
        submission.run_in_chunks(layer, x, 3),
        pieces(cuts_of(10, 3)),
        axes="batch time units",
        atol=1e-4,
        hint="Print the shape of what you give to the layer each time, for a series of 10 steps and k = 3.",
        confusions={
            "{call} gives the whole series to the layer at once; k steps at a time are asked.": pieces(
                [0, 10]
            ),
            "{call} makes k chunks of the series; chunks of k steps are asked.": pieces([0, 4, 7, 10]),
            "{call} never reads the last chunk, which is shorter than k.": pieces([0, 3, 6, 9]),
        },
    )


@exercise("run_in_chunks", weight=0.5)
def test_chunks_leave_x_alone(submission, rng):
    """`run_in_chunks` does not change the series that it is given."""
    layer, _ = some_layer(rng, "LSTM")
    report = submission.run_in_chunks.report(layer, series(rng, 2, 6, 3), 2)
    expect.unchanged(report, hint="Do you write into x, or into a part of it?")


# ----------------------------------------------------------------------- lstm_params and gru_params


def count_mistakes(names, function, d, u):
    return {
        sentence: getattr(reference, f"{function}__wrong_{name}")(d, u) for name, sentence in names.items()
    }


LSTM_PARAMS = {
    "no_bias": "{call} leaves the biases out.",
    "no_recurrent": "{call} leaves out the weights by which the units read the state.",
    "one_block": "{call} counts one block of weights; an LSTM has four, three gates and the candidate.",
    "three_blocks": "{call} counts three blocks of weights; an LSTM has a fourth, the candidate.",
    "two_biases": "{call} counts two biases, as PyTorch has; an LSTM of Keras has one.",
    "exchanged": "{call} takes features for units: which of the two gives the number of neurons?",
    "one_bias": "{call} counts one bias for a whole block; every neuron of a block has one.",
}
GRU_PARAMS = {
    "one_bias": "{call} counts one bias; a GRU of Keras has two, b[0] for the input and b[1] for the state.",
    "no_bias": "{call} leaves the biases out.",
    "lstm": "{call} counts the parameters of an LSTM.",
    "four_blocks": "{call} counts four blocks of weights; a GRU has three.",
    "two_blocks": "{call} counts two blocks of weights; a GRU has a third, the candidate.",
    "no_recurrent": "{call} leaves out the weights by which the units read the state.",
    "exchanged": "{call} takes features for units: which of the two gives the number of neurons?",
}
PARAMS_HINT = "Write down the shapes of K, U and b, and count."


@exercise("lstm_params")
@pytest.mark.parametrize("known", [(8, 16), None])
def test_counts_the_parameters_of_an_lstm(submission, rng, known):
    """`lstm_params(d, u)` is the number of parameters of an LSTM with u units on d features."""
    d, u = known or (int(rng.integers(30, 60)), int(rng.integers(5, 25)))
    confusions = count_mistakes(LSTM_PARAMS, "lstm_params", d, u)
    got = submission.lstm_params(d, u)
    expect.equal(got, reference.lstm_params(d, u), hint=PARAMS_HINT, confusions=confusions)


@exercise("gru_params")
@pytest.mark.parametrize("known", [(8, 16), None])
def test_counts_the_parameters_of_a_gru(submission, rng, known):
    """`gru_params(d, u)` is the number of parameters of a GRU with u units on d features."""
    d, u = known or (int(rng.integers(30, 60)), int(rng.integers(5, 25)))
    confusions = count_mistakes(GRU_PARAMS, "gru_params", d, u)
    got = submission.gru_params(d, u)
    expect.equal(got, reference.gru_params(d, u), hint=PARAMS_HINT, confusions=confusions)


# ---------------------------------------------------------------------------------------- rnn_type

WHAT = {
    "image_label": "one image comes in as a whole, and one label goes out",
    "image_caption": "one image comes in, and a series of words goes out",
    "music_from_genre": "one genre comes in, and a series of notes goes out",
    "review_sentiment": "a series of words comes in, and one opinion goes out",
    "next_value": "a series comes in, and one value goes out",
    "word_tags": "a series of words comes in, and a tag goes out for each of them",
    "frame_events": "a series of images comes in, and an event goes out for each of them",
    "translation": "a sentence comes in, and another one goes out whose length is its own",
}
TYPE_HINT = "How many things come in, how many go out, and do they go out while the others come in?"


@exercise("rnn_type", weight=3)
@pytest.mark.parametrize("task", list(WHAT))
def test_names_the_type_of_a_task(submission, task):
    """`rnn_type(task)` names the type of RNN for each of the eight tasks."""
    got = submission.rnn_type(task)
    want = reference.rnn_type(task)
    confusions = {}
    if isinstance(got, str) and got != want:
        if got.lower().replace("-", "_").replace(" ", "_") == want:
            confusions[f"{{call}} is the right type in another spelling (yours is {got[:30]!r})."] = got
        else:
            confusions[f"{{call}} is not {got[:30]}: {WHAT[task]}."] = got
    expect.equal(got, want, hint=TYPE_HINT, confusions=confusions)


@exercise("rnn_type")
@pytest.mark.parametrize("task", ["chess_move", "", "Word_tags"])
def test_refuses_another_task(submission, task):
    """A task that is none of the eight raises ValueError."""
    expect.raises(ValueError, submission.rnn_type, task, hint="What does your function do when no case fits?")


# ------------------------------------------------------------------ the classifier and the tagger


def some_ids(rng, width=12):
    """(6, width) ids of padded reviews; the last id of the vocabulary is not among them."""
    lengths = [min(n, width) for n in (2, 5, 9, 11, 7, 3)]
    ids = np.zeros((len(lengths), width), dtype="int32")
    for row, size in zip(ids, lengths, strict=True):
        row[:size] = [1, *rng.permutation(np.arange(2, ROWS - 1))[: size - 1]]
    return ids


def reads_any_length(model):
    shape = model.input_shape
    if shape is None:  # a model of one's own class, as above
        return
    hint = "Which shape does keras.Input get for a review of any length?"
    flat = is_sequence(shape) and len(shape) == 2 and not any(map(is_sequence, shape))
    expect.that(flat, "The input of the model is not one review of ids per row, (batch, time).", hint=hint)
    seen = (
        f"The model takes exactly {shape[0]} reviews at once, as a stateful layer does; any number is asked."
    )
    expect.that(not is_whole(shape[0]), seen, hint=hint)
    seen = f"The model reads reviews of exactly {shape[1]} ids; any length is asked."
    expect.that(not is_whole(shape[1]), seen, hint=hint)


TABLE_HINT = "Which ids come in: from which one to which one, and how many are they?"


def has_table(shapes, rows, dim, units):
    """The model has a table with a row of ``dim`` numbers for each id."""
    if (rows, dim) in shapes:
        return
    why = "has no table with a vector for each id"
    if (rows - 1, dim) in shapes:
        why = (
            f"has no row for id {rows - 1}: its table has {rows - 1} rows; input_dim is the number of "
            "ids, not the largest id"
        )
    elif (rows, units) in shapes:
        why = "has vectors as long as there should be units: dim and units look exchanged"
    elif (dim, rows) in shapes:
        why = "has a table on its side: input_dim and output_dim look exchanged"
    expect.that(False, f"The model {why}.", hint=TABLE_HINT)


def reader_shapes(rows, dim, units, outputs, directions):
    return [
        (rows, dim),
        *lstm_shapes(dim, units) * directions,
        (directions * units, outputs),
        (outputs,),
    ]


def reader_weights(model, outputs, *, directions=1, rows=ROWS, dim=DIM, units=UNITS):
    """The model has the weights of a table, an LSTM in so many directions, and a Dense layer."""
    reads_any_length(model)
    shapes = [tuple(map(int, weight.shape)) for weight in model.weights()]
    has_table(shapes, rows, dim, units)
    wanted = reader_shapes(rows, dim, units, outputs, directions)
    if shapes == wanted:
        return
    last = shapes[-2] if len(shapes) > 1 else ()
    width = directions * units
    same_reader = shapes[:-2] == wanted[:-2]
    if same_reader and len(last) == 2 and last[0] == width:
        seen = f"The model has {last[1]} outputs at its end; {outputs} are asked."
    elif same_reader and len(last) == 2 and directions == 2 and last[0] == units:
        seen = (
            "The two directions are added up, or one is dropped: the last layer reads "
            f"{units} numbers; joined, they are {width}."
        )
    elif same_reader and len(last) == 2:
        seen = f"The last layer reads {last[0]} numbers; the LSTM gives {width}: the series was flattened."
    else:
        asked = (
            "a table, an LSTM and a Dense layer"
            if directions == 1
            else ("a table, an LSTM in each direction and a Dense layer")
        )
        has_weights(shapes, wanted, dim, units, asked=asked)
        return
    expect.that(False, seen, hint=WEIGHTS_HINT)


def distance(one, other):
    """The largest difference of two answers; nan and infinite values are no reason to stop here."""
    with np.errstate(all="ignore"):
        return float(np.abs(one - other).max(initial=0))


def all_trained(model):
    frozen = model.parameters - model.trainable_parameters
    expect.that(
        frozen == 0,
        f"{frozen} of {model.parameters} parameters are frozen: their values stay as random as they began.",
        hint="Look at the number of non-trainable parameters in model.summary().",
    )


# --------------------------------------------------------------------------- build_lstm_classifier


def small_classifier(submission):
    model = built_model(submission.build_lstm_classifier(ROWS, DIM, UNITS))
    reader_weights(model, 1)
    return model


def probabilities(model, ids):
    """(n,) float64: what the model predicts, once it is one number per review."""
    got = model.predict(ids)
    n, width = ids.shape
    hint = "Follow the shapes through model.summary(): ids, vectors, the LSTM's output, probability."
    expect.that(isinstance(got, np.ndarray), "The model gives several outputs; one is asked.", hint=hint)
    shape = tuple(map(int, got.shape))
    expect.that(
        shape != (n, width, 1),
        f"The model gives shape {shape}, a number for every word: return_sequences is left on.",
        hint=hint,
    )
    expect.that(
        shape == (n, 1) and got.dtype.kind == "f",
        f"The model gives shape {shape} for {n} reviews; (n, 1) is asked.",
        hint=hint,
    )
    return got[:, 0].astype("float64")


@exercise("build_lstm_classifier")
def test_classifier_has_its_parameters(submission):
    """A table, an LSTM and one neuron: exactly V·d + 4(u(u + d) + u) + u + 1 parameters, all
    of them trained."""
    for rows, dim, units in ((ROWS, DIM, UNITS), (1000, 16, 24)):
        model = built_model(submission.build_lstm_classifier(rows, dim, units))
        reader_weights(model, 1, rows=rows, dim=dim, units=units)
        all_trained(model)


@exercise("build_lstm_classifier")
def test_classifier_looks_up_the_last_id(submission, rng):
    """Every id below `vocab_size` can be looked up, the last one too."""
    model = small_classifier(submission)
    ids = some_ids(rng)
    ids[:, 1] = ROWS - 1
    expect.that(
        bool(np.isfinite(probabilities(model, ids)).all()),
        "The model gives no number for the last id of the vocabulary.",
        hint=TABLE_HINT,
    )


@exercise("build_lstm_classifier", weight=2)
def test_classifier_jumps_over_pads(submission, rng):
    """Pads change nothing: neither the vector of id 0 nor more pads after a review move the answer."""
    model = small_classifier(submission)
    weights = [weight.astype("float32") for weight in give_weights(model, rng)]
    ids = some_ids(rng)
    before = probabilities(model, ids)
    hint = "Which layer can say that id 0 is no word, and does every layer after it listen?"
    more = distance(probabilities(model, np.pad(ids, ((0, 0), (0, 9)))), before)
    weights[0][0] += 3 * np.sign(rng.normal(size=DIM)).astype("float32")
    model.set_weights(weights)
    moved = distance(probabilities(model, ids), before)
    expect.that(moved < 1e-5, "The padding vector changes the answer: pads are read as words.", hint=hint)
    expect.that(more < 1e-5, "The same review gives another answer when more pads follow it.", hint=hint)


@exercise("build_lstm_classifier", weight=3)
def test_answer_is_read_at_the_last_real_word(submission, rng):
    """Whatever its weights, the answer is one neuron with a sigmoid on h at the last real word."""
    model = small_classifier(submission)
    table, K, U, b, kernel, bias = give_weights(model, rng, scale=1.0)
    ids = some_ids(rng)
    x, mask = table[ids], ids != 0
    outputs, h, c = lstm(x, K, U, b, mask)
    turned = lstm(x[:, ::-1], K, U, b, mask[:, ::-1])[1]
    largest = outputs.max(axis=1)
    mean = (outputs * mask[..., np.newaxis]).sum(axis=1) / mask.sum(axis=1, keepdims=True)

    def logit(state):
        return (state @ kernel)[:, 0] + bias[0]

    def neuron(state):
        return sigmoid(logit(state))

    expect.array(
        probabilities(model, ids),
        neuron(h),
        axes="batch",
        atol=1e-4,
        hint="What does the neuron at the end read? Compute one answer with model.get_weights().",
        confusions={
            "Your answer uses step 0 of the LSTM; the last real word is asked.": neuron(outputs[:, 0]),
            "Your answer uses the mean of the LSTM's outputs; the last one is asked.": neuron(mean),
            "Your answer uses the largest output of each unit; the last one is asked.": neuron(largest),
            "Your answer uses the carry state c; the output of an LSTM is its memory state h.": neuron(c),
            "Your LSTM reads the review from its end.": neuron(turned),
            "Your LSTM reads on through the pads: no mask reaches it.": neuron(lstm(x, K, U, b)[1]),
            "Your LSTM has relu for its activation; its own is tanh.": neuron(relu_lstm(x, K, U, b, mask)[1]),
            "The model gives 1 for every review: softmax over one unit is always 1.": np.ones(len(ids)),
            "The model gives logits, not probabilities: a sigmoid is missing at the end.": logit(h),
        },
    )


@exercise("build_lstm_classifier")
def test_classifier_gives_one_probability(submission, rng):
    """For n reviews the model gives shape (n, 1), each value a probability between 0 and 1."""
    model = built_model(submission.build_lstm_classifier(ROWS, DIM, UNITS))
    reads_any_length(model)
    has_table([tuple(map(int, weight.shape)) for weight in model.weights()], ROWS, DIM, UNITS)
    give_weights(model, rng, scale=2.0)
    got = probabilities(model, some_ids(rng))
    hint = "Which activation turns any number into one between 0 and 1?"
    expect.that(
        bool(np.all((got >= 0) & (got <= 1))),
        f"The model gives values from {got.min():.2f} to {got.max():.2f}; a probability lies in 0 to 1.",
        hint=hint,
    )
    same = (
        "1 for every review: softmax over one unit is always 1"
        if got[0] == 1
        else "all reviews the same answer"
    )
    expect.that(distance(got, got[0]) > 1e-6, f"The model gives {same}.", hint=hint)


@exercise("build_lstm_classifier")
def test_classifier_is_compiled(submission):
    """The model is compiled with binary cross-entropy on probabilities, and reports accuracy."""
    model = built_model(submission.build_lstm_classifier(ROWS, DIM, UNITS))
    has_loss(model, "binary_crossentropy", "one probability and a label of 0 or 1")
    received = ", ".join(name[:40] for name in model.metrics[:5]) or "none"
    expect.that(
        "accuracy" in model.metrics,
        f"The model has no accuracy among its metrics (they are: {received}).",
        hint="Which argument of compile takes the metrics, and by which name did you give it?",
    )


def has_loss(model, wanted, what):
    """The model is compiled with this loss, and the loss takes probabilities."""
    hint = f"Which loss goes with {what}, and what does from_logits=True tell it?"
    expect.that(model.loss is not None, "The model is not compiled, or it has no loss.", hint=hint)
    meant = {
        "mean_squared_error": ", which is for numbers, not for classes",
        "sparse_categorical_crossentropy": ", which is for several classes given as numbers",
        "categorical_crossentropy": ", which is for several classes given as one-hot vectors",
        "binary_crossentropy": ", which is for one probability",
    }.get(model.loss.name, "")
    expect.that(model.loss.name == wanted, f"The loss is {model.loss.name[:60]}{meant}.", hint=hint)
    seen = "The loss has from_logits=True, and the model's output is to be a probability already."
    expect.that(model.loss.from_logits is not True, seen, hint=hint)


@functools.lru_cache(maxsize=4)
def film_reviews(seed):
    """Draws to train on and to look at on the way, each with its ids, and what draws those to test with.

    They stay here.  Those to test with are drawn when a training has come so far.
    """
    first, second, third = np.random.default_rng(seed).spawn(3)
    train = reviews.draw(4000, first)
    vocab = words.build_vocab(train.tokens, VOCABULARY)

    def with_ids(part):
        return part, padded(words.encode(part.tokens, vocab))

    return (
        with_ids(train),
        with_ids(reviews.draw(1000, third)),
        functools.cache(lambda: with_ids(reviews.hidden_draw(2000, second))),
    )


def padded(rows):
    """(n, 40) int32; zeros after the last item."""
    result = np.zeros((len(rows), LENGTH), dtype="int32")
    for row, items in zip(result, rows, strict=True):
        row[: len(items)] = items[:LENGTH]
    return result


@exercise("build_lstm_classifier", weight=3)
def test_learns_what_order_means(submission, seeds):
    """Trained by the grader, the model is right where only the order of the words tells the opinion."""

    def run(seed):
        (train, x), dev, test = film_reviews(seed)
        labels = train.labels.astype("float32")
        with built_model(submission.build_lstm_classifier.seeded(seed)(VOCABULARY, 16, 24)) as model:
            reader_weights(model, 1, rows=VOCABULARY, dim=16, units=24)
            all_trained(model)
            probabilities(model, x[:4])
            model.fit(x, labels, TrainingRecipe(), seed=seed, epochs=4)
            yield {"order_accuracy_after_4_epochs": order_accuracy(model, *dev)}
            model.fit(x, labels, TrainingRecipe(), seed=seed, epochs=4, resume=True)
            yield {"order_accuracy": order_accuracy(model, *test())}

    reaches(
        seeds,
        run,
        hint="Train it yourself: is it better on negation and contrast than a bag of words?",
    )


def order_accuracy(model, draw, x):
    """The share of reviews read rightly, of those in which only the order of the words tells the opinion."""
    order = np.isin(draw.families, reviews.ORDER_FAMILIES)
    right = (probabilities(model, x[order]) >= 0.5) == (draw.labels[order] == 1)
    return float(right.mean())


# ------------------------------------------------------------------------------------ build_tagger


def small_tagger(submission, *, bidirectional):
    model = built_model(submission.build_tagger(ROWS, DIM, UNITS, TAGS, bidirectional))
    reader_weights(model, TAGS, directions=2 if bidirectional else 1)
    return model


def tag_probabilities(model, ids, tags=TAGS):
    """(n, T, tags) float64: what the model predicts, once it has that shape."""
    got = model.predict(ids)
    n, width = ids.shape
    hint = "Follow the shapes through model.summary(): which layer loses the time, which one makes tags?"
    expect.that(isinstance(got, np.ndarray), "The model gives several outputs; one is asked.", hint=hint)
    shape = tuple(map(int, got.shape))
    expect.that(
        shape != (n, tags),
        f"The model gives shape {shape}, one tag per review: return_sequences is missing.",
        hint=hint,
    )
    expect.that(
        shape == (n, width, tags) and got.dtype.kind == "f",
        f"The model gives shape {shape} for {n} reviews of {width} words; (n, T, n_tags) is asked.",
        hint=hint,
    )
    return got.astype("float64")


def softmax(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def tagger_outputs(weights, ids, *, bidirectional, use_mask=True):
    """The logits (n, T, tags), from the last arrays of weights and the LSTM's outputs."""
    table, *layers, kernel, bias = weights
    mask = (ids != 0) if use_mask else np.ones(ids.shape, dtype=bool)
    x = table[ids]
    hidden = lstm(x, *layers[:3], mask)[0]
    if bidirectional:
        back = lstm(x[:, ::-1], *layers[3:], mask[:, ::-1])[0][:, ::-1]
        hidden = np.concatenate([hidden, back], axis=-1)
    return hidden @ kernel + bias


@exercise("build_tagger", weight=3)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_each_word_gets_its_tags_from_its_state(submission, rng, bidirectional):
    """Whatever its weights, the tags of a word are a softmax on the state of the LSTM at that word."""
    model = small_tagger(submission, bidirectional=bidirectional)
    weights = give_weights(model, rng, scale=1.0)
    ids = some_ids(rng)
    real = ids != 0
    got = tag_probabilities(model, ids)[real]
    z = tagger_outputs(weights, ids, bidirectional=bidirectional)
    hint = "Compute the tags of one word with the weights of model.get_weights()."
    mean = (z * real[..., np.newaxis]).sum(axis=1, keepdims=True) / real.sum(axis=1)[
        :, np.newaxis, np.newaxis
    ]
    confusions = {
        "Every word of a review gets the same tags, those of the mean state; each word has a state of its "
        "own.": softmax(mean + 0 * z)[real],
        "The model gives logits, not probabilities: a softmax is missing at the end.": z[real],
        "The probabilities of a word's tags do not add up to 1: they come from a sigmoid.": sigmoid(z)[real],
        "The softmax runs over the words of a review; it is to run over the tags of a word.": softmax(
            tagger_outputs(weights, ids, bidirectional=bidirectional, use_mask=False), axis=1
        )[real],
    }
    if bidirectional:
        unmasked = tagger_outputs(weights, ids, bidirectional=True, use_mask=False)
        confusions["The pads are read as words: no mask reaches the LSTM."] = softmax(unmasked)[real]
    else:
        table, K, U, b, kernel, bias = weights
        outputs = lstm(table[ids][:, ::-1], K, U, b, real[:, ::-1])[0]
        for turned in (outputs, outputs[:, ::-1]):
            sentence = "The LSTM reads from the end" + (
                " and its outputs stay in that order" * (turned is outputs)
            )
            confusions[sentence + "."] = softmax(turned @ kernel + bias)[real]
    expect.array(got, softmax(z)[real], axes="words tags", atol=1e-4, hint=hint, confusions=confusions)


@exercise("build_tagger")
def test_one_way_tagger_is_causal(submission, rng):
    """One way, the tags of a word depend on nothing that comes after it."""
    model = small_tagger(submission, bidirectional=False)
    give_weights(model, rng, scale=1.0)
    ids = rng.integers(2, ROWS - 1, size=(3, 9)).astype("int32")
    other = ids.copy()
    other[:, 5:] = (ids[:, 5:] - 2 + rng.integers(1, ROWS - 3)) % (ROWS - 3) + 2
    moved = distance(tag_probabilities(model, other)[:, :5], tag_probabilities(model, ids)[:, :5])
    expect.that(
        moved < 1e-5,
        "With other words at the end of the review, the tags at its beginning change.",
        hint="In which direction does each of your layers read?",
    )


@exercise("build_tagger")
def test_two_way_tagger_reads_both_ways(submission, rng):
    """With `bidirectional=True`, later words reach the tags of earlier ones, and earlier words those of later
    ones."""
    model = small_tagger(submission, bidirectional=True)
    give_weights(model, rng, scale=1.0)
    ids = rng.integers(2, ROWS - 1, size=(3, 7)).astype("int32")
    before = tag_probabilities(model, ids)
    for place, at, where in ((6, 5, "earlier"), (0, 1, "later")):
        other = ids.copy()
        other[:, place] = (ids[:, place] - 1) % (ROWS - 3) + 2
        moved = distance(tag_probabilities(model, other)[:, at], before[:, at])
        seen = f"Another word changes nothing in the tags of the words that stand {where}."
        expect.that(moved > 1e-6, seen, hint="How many LSTMs read, and in which directions?")


@exercise("build_tagger")
@pytest.mark.parametrize("bidirectional", [False, True])
def test_tagger_jumps_over_pads(submission, rng, bidirectional):
    """The vector of the pad has no influence on the tags, and the loss does not count the pads."""
    model = small_tagger(submission, bidirectional=bidirectional)
    weights = [weight.astype("float32") for weight in give_weights(model, rng)]
    ids = some_ids(rng)
    ids[:, 1:] = np.where(rng.random(ids[:, 1:].shape) < 0.2, 0, ids[:, 1:])
    before = tag_probabilities(model, ids)
    weights[0][0] += 3 * np.sign(rng.normal(size=DIM)).astype("float32")
    model.set_weights(weights)
    moved = distance(tag_probabilities(model, ids)[ids != 0], before[ids != 0])
    expect.that(
        moved < 1e-5,
        "The padding vector changes the tags of words: pads are read as words.",
        hint="Which layer can say that id 0 is no word?",
    )


@exercise("build_tagger")
def test_tagger_looks_up_the_last_id(submission, rng):
    """Every id below `vocab_size` can be looked up, the last one too, in a review of any length."""
    model = built_model(submission.build_tagger(ROWS, DIM, UNITS, TAGS))
    reads_any_length(model)
    has_table([tuple(map(int, weight.shape)) for weight in model.weights()], ROWS, DIM, UNITS)
    ids = some_ids(rng, width=5)
    ids[:, 1] = ROWS - 1
    tag_probabilities(model, ids)


@exercise("build_tagger", weight=0.5)
def test_tagger_is_one_way_unless_told(submission):
    """Without `bidirectional`, the tagger reads from the first word to the last only."""
    model = built_model(submission.build_tagger(ROWS, DIM, UNITS, TAGS))
    lstms = sum(tuple(weight.shape) == (UNITS, 4 * UNITS) for weight in model.weights())
    expect.that(
        lstms != 2,
        "The model reads in both directions, and nobody asked it to: the default of bidirectional is False.",
        hint="Which default has the parameter bidirectional in the stub?",
    )


@exercise("build_tagger")
@pytest.mark.parametrize("bidirectional", [False, True])
def test_tagger_is_compiled(submission, bidirectional):
    """The model is compiled with sparse categorical cross-entropy on probabilities."""
    model = built_model(submission.build_tagger(ROWS, DIM, UNITS, TAGS, bidirectional=bidirectional))
    has_loss(model, "sparse_categorical_crossentropy", "one class of several, given as a number")


@exercise("build_tagger", weight=3)
def test_learns_to_tag_opinions(submission, seeds):
    """Trained by the grader, the bidirectional tagger finds praise, blame and what is conceded."""

    recipe = TrainingRecipe(loss="sparse_categorical_crossentropy")

    def run(seed):
        (train, x), dev, test = film_reviews(seed)
        tagger = submission.build_tagger.seeded(seed)(VOCABULARY, 16, 16, TAGS, bidirectional=True)
        with built_model(tagger) as model:
            reader_weights(model, TAGS, directions=2, rows=VOCABULARY, dim=16, units=16)
            all_trained(model)
            tag_probabilities(model, x[:4])
            model.fit(x, tags_of(train), recipe, seed=seed, epochs=3)
            yield {"opinion_f1_after_3_epochs": tagging_f1(model, *dev)}
            model.fit(x, tags_of(train), recipe, seed=seed, epochs=11, resume=True)
            yield {"opinion_f1": tagging_f1(model, *test())}

    reaches(seeds, run, hint="Train it yourself for 14 epochs, and look at the F1 of each tag.")


def tags_of(draw):
    """(n, 40) int32; the start has tag 0, and so have the pads."""
    return padded([[0, *tags] for tags in draw.tags])


def tagging_f1(model, draw, x):
    """The F1 over the opinion tags of the tags that the model finds most probable."""
    return opinion_f1(tags_of(draw), tag_probabilities(model, x).argmax(axis=-1), x)


def opinion_f1(true, predicted, ids):
    """The mean F1 of the three opinion tags over real tokens; 0/0 counts 0."""
    real = ids != 0
    true, predicted = true[real], predicted[real]
    f1s = []
    for tag in OPINIONS:
        there, found = true == tag, predicted == tag
        f1s.append(2 * np.sum(there & found) / max(np.sum(there) + np.sum(found), 1))
    return float(np.mean(f1s))


# ------------------------------------------------------------------------------------ token_scores

SCORES = {
    "pads_counted": "{call} counts the pads as tokens.",
    "pads_in_accuracy": "{call} counts the pads in the accuracy.",
    "pads_of_sum": "{call} divides the hits by the number of all cells, pads included.",
    "masked_by_tag": "{call} leaves out the tokens of tag 0; a pad is known by its id.",
    "without_tag_zero": "{call} leaves tag 0 out of the mean of the F1s.",
    "all_tags": "{call} counts an F1 of 0 for a tag that occurs nowhere.",
    "tags_of_truth": "{call} leaves out a tag that occurs in the prediction only.",
    "tags_of_prediction": "{call} leaves out a tag that occurs in the truth only.",
    "weighted": "{call} weighs each F1 by how often its tag occurs; in a macro mean all count the same.",
    "micro": "{call} pools the tags before the F1, which gives the accuracy again; take the mean of the F1s.",
    "of_means": "{call} takes the F1 of the mean precision and recall; the mean of the F1s is asked.",
    "recall": "{call} takes the mean recall for the F1.",
    "per_review": "{call} takes the mean of the reviews' accuracies; every token counts the same.",
    "start_left_out": "{call} leaves start and unknown words out; only the pad is no token.",
    "percent": "{call} gives percentages; shares between 0 and 1 are asked.",
    "tuple": "{call} gives the numbers without their names.",
    "other_keys": "{call} has other names; token_accuracy and macro_f1 are asked.",
}
SCORES_HINT = "Take one review of four tokens, two of them pads, and count by hand."


def same_scores(got, arrays, hint=SCORES_HINT):
    want = reference.token_scores(*arrays)
    received = got
    found = {SCORES[n]: getattr(reference, f"token_scores__wrong_{n}")(*arrays) for n in SCORES}
    confusions = {s: list(w) if isinstance(w, tuple) else w for s, w in found.items() if not near(w, want)}
    if isinstance(got, dict) and any(isinstance(v, float) and np.isnan(v) for v in got.values()):
        confusions["{call} gives nan; 0/0 counts 0.0 here."] = got
    expect.equal(received, want, atol=1e-9, hint=hint, confusions=confusions)


def near(wrong, want):
    return (
        isinstance(wrong, dict)
        and wrong.keys() == want.keys()
        and np.allclose([*wrong.values()], [*want.values()])
    )


def some_tags(rng, n=5, width=9, tags=4):
    """(true, predicted, ids): tags of padded reviews, most of them 0, a part of the predictions wrong."""
    lengths = rng.integers(2, width, size=n)
    ids = np.where(np.arange(width) < lengths[:, np.newaxis], rng.integers(2, 40, size=(n, width)), 0)
    ids[:, 0] = 1
    true = np.where(rng.random((n, width)) < 0.6, 0, rng.integers(1, tags, size=(n, width)))
    true = np.where(ids == 0, 0, true)
    predicted = np.where(rng.random((n, width)) < 0.3, rng.integers(0, tags, size=(n, width)), true)
    return true, predicted, ids


@exercise("token_scores", weight=2)
def test_scores_any_tags(submission, rng):
    """Accuracy and macro-F1 are those of a count over the real tokens, whatever the tags."""
    for n, width, tags in ((5, 9, 4), (12, 20, 3), (3, 6, 6)):
        arrays = some_tags(rng, n, width, tags)
        same_scores(submission.token_scores(*arrays), arrays)


@exercise("token_scores")
def test_pads_do_not_score(submission, rng):
    """Pads do not count, whatever was predicted there: a pad is a token whose id is 0."""
    true, predicted, ids = some_tags(rng)
    for guess in (predicted, np.where(ids == 0, 3, predicted), np.where(ids == 0, 5, predicted)):
        same_scores(submission.token_scores(true, guess, ids), (true, guess, ids))


@exercise("token_scores")
def test_every_tag_that_occurs_counts_once(submission, rng):
    """The macro-F1 is the mean over the tags that occur in truth or prediction, tag 0 among them."""
    _, _, ids = some_tags(rng, n=2)
    ids[:] = rng.integers(2, 40, size=ids.shape)
    true, predicted = np.zeros((2, 9), dtype="int64"), np.zeros((2, 9), dtype="int64")
    true[0, 2:5], predicted[0, 3:6] = 2, 2
    true[1, 4], predicted[1, 7] = 5, 7
    hint = (
        "Which tags occur in the truth, which in the prediction? What is the F1 of a tag that is never right?"
    )
    same_scores(submission.token_scores(true, predicted, ids), (true, predicted, ids), hint)


@exercise("token_scores")
def test_scores_nested_lists(submission, rng):
    """Nested lists are as good as arrays."""
    arrays = some_tags(rng)
    lists = [array.tolist() for array in arrays]
    hint = "Are your arguments arrays before you compare them?"
    seen = "Arrays are read well; here nested lists come in"
    got = special(submission.token_scores, lists, plain=arrays, seen=seen, hint=hint)
    scores = got.values() if isinstance(got, dict) else ()
    expect.that(
        not scores or any(not is_number(score) or score not in (0.0, 1.0) for score in scores),
        "{call} compares whole lists with each other, and the answer is a single yes or no; the tags are "
        "compared one by one.",
        hint=hint,
    )
    same_scores(got, arrays, hint)


@exercise("token_scores")
def test_nothing_found_scores_zero(submission):
    """Where nothing was found, or nothing but pads is there, 0/0 counts 0.0."""
    ids = np.array([[1, 5, 6, 0]])
    hint = "By which number do you divide for a tag that was never predicted?"
    for true, predicted, numbers in (
        (np.array([[0, 2, 1, 0]]), np.array([[3, 3, 3, 0]]), ids),
        (np.zeros((1, 4), dtype="int64"), np.ones((1, 4), dtype="int64"), 0 * ids),
    ):
        same_scores(submission.token_scores(true, predicted, numbers), (true, predicted, numbers), hint)


@exercise("token_scores", weight=0.5)
def test_scores_leave_their_arguments_alone(submission, rng):
    """`token_scores` changes none of its arguments."""
    report = submission.token_scores.report(*some_tags(rng))
    expect.unchanged(report, hint="Do you write into an array that you were given?")
