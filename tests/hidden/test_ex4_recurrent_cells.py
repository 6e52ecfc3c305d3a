"""Hidden checks of `ex4_recurrent_cells`: the cells against a NumPy reference, and the mistakes students
make.

The reference itself is held against Keras' own layers by tests/course/test_ex4_recurrent_cells.py, so that a
judge needs no TensorFlow and can ask for the precision of float64.  A check's docstring is the claim that the
student reads; a hint says where to look, never the answer.
"""

import itertools
from collections import Counter

import numpy as np
import pytest

from autograder.checking import apart, exercise, expect, special
from solutions import ex4_recurrent_cells as reference

SIZES = [(3, 5, 4, 2), (2, 1, 3, 3), (1, 4, 1, 1)]
"""(batch, time, features, units); one recurrent neuron alone is among them."""
STATE = "batch units"
SERIES = "batch time units"
AXES = {"outputs": SERIES, "h_T": STATE, "c_T": STATE, "h": STATE, "c": STATE}
OPEN, SHUT = 50.0, -50.0
"""A bias at which a gate is 1 or 0 to all digits of float64."""
LETTERS = {"i": "i", "f": "f", "c": "candidate", "o": "o", "z": "z", "r": "r", "h": "candidate"}

RNN_STEP = {
    "no_bias": "{call} gives what it would give without b: the bias is missing.",
    "bias_twice": "{call} adds the bias twice, once with each product; it counts once.",
    "bias_after_tanh": "{call} adds the bias after tanh; it belongs to the sum inside.",
    "no_tanh": "{call} gives the sum itself: tanh is missing, so the cell is linear.",
    "relu": "{call} applies relu; the activation of this cell is tanh.",
    "sigmoid": "{call} applies the sigmoid; the activation of this cell is tanh.",
    "ignores_h": "{call} gives what it would give with h = 0: the old state is never read.",
    "adds_h": "{call} adds h itself; the old state goes through its weights Wh first.",
    "ignores_x": "{call} gives what it would give with x_t = 0: the input is never read.",
    "transposed": "{call} multiplies h by the transpose of Wh: its wires run backwards.",
    "alone": "{call} lets each neuron see only its own past: of Wh, it uses the diagonal alone. In a cell, "
    "every neuron reads the state of all.",
    "two_tanh": "{call} applies tanh to each part and adds afterwards; the sum comes first.",
    "pair": "{call} gives two values; the output of this cell is its state, so one array is asked.",
    "batch_mean": "{call} mixes the series of the batch: the mean of h over the batch enters.",
}
RNN_FORWARD = {
    "h0_ignored": "The result of {call} equals the one with h0 = 0: the first state is ignored.",
    "not_chained": "{call} starts every step from h0: the state is not carried from one step to the next.",
    "last_repeated": "{call} gives T times the last state; outputs[:, t] is the state after step t.",
    "reversed": "{call} reads the series from its end: step 0 comes first.",
    "side_by_side": "{call} joins the states along the last axis; time is an axis of its own: (batch, "
    "time, units).",
    "old_state": "The outputs of {call} are one step late: outputs[:, t] is the state after step t, not "
    "before.",
    "first_state": "h_T of {call} is the state after the first step; it is the one after the last.",
    "mean_state": "h_T of {call} is the mean of the outputs; it is the last of them.",
    "stale_state": "h_T of {call} is the state before the last step; it is the one after it.",
    "one_step_short": "{call} stops one step early: the last step of the series is never read.",
    "exchanged": "{call} gives the last state first; the outputs come first, then h_T.",
    "outputs_only": "{call} gives the outputs alone; two values are asked: outputs and h_T.",
    "time_axis_kept": "h_T of {call} is a series of one step, (batch, 1, units); it is (batch, units).",
    "first_input": "{call} reads the first time step again and again.",
    "no_bias": "{call} gives what it would give without b: the bias is missing.",
}
LSTM_STEP = {
    "exchanged": "{call} gives c first and h second: the two memories are exchanged.",
    "arguments_exchanged": "{call} takes c for h and h for c: the arguments are exchanged.",
    "h_only": "{call} gives h alone; two values are asked: h and c.",
    "three": "{call} gives output, h and c, as a Keras layer does; here two values are asked: h and c.",
    "h_ignored": "{call} gives what it would give with h = 0: the short-term memory is never read.",
    "c_ignored": "{call} gives what it would give with c = 0: the long-term memory is never read.",
    "x_ignored": "{call} gives what it would give with x_t = 0: the input is never read.",
    "no_tanh_of_c": "{call} computes h = o · c: the tanh of c is missing, so h is not bounded.",
    "h_from_old_c": "{call} computes h from the c before the step; it comes from the new c.",
    "coupled": "{call} uses f = 1 - i: the forget gate has weights of its own.",
    "forget_inverted": "{call} keeps 1 - f of the old c; f = 1 keeps all of it and f = 0 forgets it.",
    "no_input_gate": "{call} adds the candidate whole: the input gate is missing.",
    "no_output_gate": "{call} gives h = tanh(c): the output gate is missing.",
    "relu_gates": "{call} applies relu to the gates; the sigmoid keeps them between 0 and 1.",
    "hard_sigmoid": "{call} applies the hard sigmoid (straight lines) to the gates; the sigmoid is asked.",
    "tanh_gates": "{call} applies tanh to the gates too; the sigmoid keeps them between 0 and 1.",
    "sigmoid_candidate": "{call} applies the sigmoid to the candidate; tanh is asked, so it can be negative.",
    "averaged": "{call} takes the mean of what is kept and what is added; c is their sum.",
    "no_bias": "{call} gives what it would give without b: the bias is missing.",
    "bias_twice": "{call} adds the bias twice, once with each product; it counts once.",
    "forget_bias_again": "{call} adds 1 to the forget gate; in Keras the bias b itself starts at 1 "
    "there, and "
    "nothing is added later.",
    "interleaved": "{call} takes every fourth column for a gate; the blocks stand side by side, H "
    "columns each.",
}
LSTM_FORWARD = {
    "h0_ignored": "The result of {call} equals the one with h0 = 0: the first short-term memory is ignored.",
    "c0_ignored": "The result of {call} equals the one with c0 = 0: the first long-term memory is ignored.",
    "both_ignored": "The result of {call} equals the one with h0 = 0 and c0 = 0: the first states are "
    "ignored.",
    "start_exchanged": "{call} takes c0 for h0 and h0 for c0: the arguments are exchanged.",
    "exchanged": "{call} gives outputs, c_T, h_T: the two memories are exchanged.",
    "outputs_last": "{call} gives the outputs last; they come first, then h_T, then c_T.",
    "two_values": "{call} gives two values; three are asked: outputs, h_T and c_T.",
    "c_not_carried": "{call} starts every step from c0: c is not carried from one step to the next.",
    "not_chained": "{call} starts every step from h0 and c0: nothing is carried from one step to the next.",
    "outputs_of_c": "The outputs of {call} are c at each step; they are h at each step.",
    "old_state": "The outputs of {call} are one step late: outputs[:, t] is h after step t, not before.",
    "last_repeated": "{call} gives T times the last h; outputs[:, t] is h after step t.",
    "vector": "{call} gives the last h where the whole series is asked (serie to serie).",
    "reversed": "{call} reads the series from its end: step 0 comes first.",
    "no_tanh_of_c": "{call} computes h = o · c: the tanh of c is missing, so h is not bounded.",
}
LSTM_MASK = {
    "mask_ignored": "{call} gives what it would give without a mask: the mask is never read.",
    "mask_inverted": "{call} copies the states where the mask is True; True marks a real step.",
    "mask_zeroes_inputs": "{call} sets masked inputs to 0 and lets the cell run on; the states are to be "
    "copied.",
    "mask_zeroes_outputs": "{call} gives 0 as the output of a masked step; it is the copied h.",
    "mask_clears_states": "{call} empties h and c at a masked step; they are to be copied from the step "
    "before.",
    "mask_keeps_h_only": "{call} copies h at a masked step, but lets c go on: both are to be copied.",
    "mask_keeps_c_only": "{call} copies c at a masked step, but lets h go on: both are to be copied.",
    "mask_outputs_run_on": "{call} copies the states, but its output of a masked step is the h that was "
    "thrown "
    "away; it is the copied h.",
    "mask_stops": "{call} stops a series at its first masked step; real steps may follow.",
    "mask_of_first_row": "{call} takes the mask of the first series for all; each series has its own.",
    "mask_drops_steps": "{call} leaves masked steps out of the outputs; every step has an output.",
    "mask_bools_only": "{call} turns 0 and 1 round with ~, which makes -1 and -2 of them: read the mask "
    "as bools.",
}
GRU_STEP = {
    "coursera": "{call} has z the other way round: in Keras z = 1 keeps the past; in the Coursera notes "
    "Γu = 1 replaces it.",
    "reset_before": "{call} multiplies h by r before the product with U; here the reset comes after the "
    "product.",
    "recurrent_bias_forgotten": "{call} gives what it would give with b[1] = 0: the recurrent bias is "
    "missing.",
    "input_bias_forgotten": "{call} gives what it would give with b[0] = 0: the input bias is missing.",
    "biases_exchanged": "{call} adds b[1] to the input part and b[0] to the recurrent part: they are "
    "exchanged.",
    "bias_twice": "{call} adds both biases to both parts: each counts once.",
    "bias_as_rows": "{call} adds the array b as it is: its two rows go to the first and the second "
    "series of the "
    "batch. b[0] and b[1] belong to the two products.",
    "no_reset": "{call} computes the candidate without the reset gate r.",
    "reset_all": "{call} multiplies the input part of the candidate by r too; r touches the recurrent "
    "part only.",
    "reset_spares_bias": "{call} adds b[1] outside the reset gate; r multiplies the product with U and its "
    "bias b[1] together.",
    "past_whole": "{call} adds the candidate to the whole past: of h, only the share z is kept.",
    "no_tanh": "{call} uses the candidate without tanh.",
    "sigmoid_candidate": "{call} applies the sigmoid to the candidate; tanh is asked, so it can be negative.",
    "h_ignored": "{call} gives what it would give with h = 0: the old state is never read.",
    "pair": "{call} gives two values, as an LSTM does; a GRU has one state.",
    "interleaved": "{call} takes every third column for a gate; the blocks stand side by side, H columns "
    "each.",
}
AT_MASK = (
    "What becomes of h, of c and of the output at a step that the mask leaves out? Print them for T = 3."
)
AT_STEP = "If `lstm_step` is not right yet, start there: the loop only repeats it."


def normal(rng, *shape):
    return rng.normal(size=shape)


def rnn_weights(rng, features, units):
    return normal(rng, features, units), normal(rng, units, units), normal(rng, units)


def lstm_weights(rng, features, units, blocks=4):
    return (
        normal(rng, features, blocks * units),
        normal(rng, units, blocks * units),
        normal(rng, blocks * units),
    )


def gru_weights(rng, features, units):
    K, U, _ = lstm_weights(rng, features, units, 3)
    return K, U, normal(rng, 2, 3 * units)


def no_weights(features, units, *biases):
    """K, U of zeros and a bias per block, so that the gates are what the bias says."""
    blocks = len(biases)
    return np.zeros((features, blocks * units)), np.zeros((units, blocks * units)), np.repeat(biases, units)


def several(value):
    """The arrays that a function returned, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def known(function, sentences, arguments):
    """Sentence -> what this known mistake returns; each works on copies, since some write into their
    arguments."""
    found = {}
    for name, sentence in sentences.items():
        wrong = getattr(reference, f"{function}__wrong_{name}")
        found[sentence] = several(wrong(*(None if a is None else np.copy(a) for a in arguments)))
    return found


def unambiguous(mistakes):
    """Without the mistakes that cannot be told apart on these arguments: a wrong name would mislead."""
    keys = {s: b"|".join(np.round(w, 9).tobytes() for w in wrong) for s, wrong in mistakes.items()}
    counts = Counter(keys.values())
    return {sentence: wrong for sentence, wrong in mistakes.items() if counts[keys[sentence]] == 1}


def other_orders(function, arguments, names):
    """Sentence -> what the right function returns when the blocks are read in this other order."""
    *values, K, U, b = arguments[:6] if function == "lstm_forward" else arguments
    right, found = getattr(reference, function), {}
    for order in itertools.permutations(names):
        take = np.concatenate([np.split(np.arange(K.shape[1]), len(names))[order.index(n)] for n in names])
        read, kept = (", ".join(LETTERS[n] for n in each) for each in (order, names))
        sentence = f"{{call}} is right for blocks in the order {read}; here they stand in the order {kept}."
        found[sentence] = several(right(*values, K[:, take], U[:, take], b[..., take], *arguments[6:]))
    return found


def one_array(got):
    """What a state looks like from outside: an array, or a list or tuple of them."""
    return [got] if isinstance(got, np.ndarray) else got


def not_rounded(got, want):
    """Values that are right to some digits only come from float32 or from rounding."""
    if not isinstance(got, list | tuple) or len(got) != len(want):
        return
    for item, right in zip(got, want, strict=True):
        if not isinstance(item, np.ndarray) or item.dtype.kind != "f" or item.shape != right.shape:
            return
        if not np.allclose(item, right, rtol=1e-3, atol=1e-3):
            return
    exact = all(np.allclose(g, w, rtol=1e-9, atol=1e-12) for g, w in zip(got, want, strict=True))
    other = [item.dtype.name for item in got if item.dtype != np.float64]
    hint = "Which dtype has each array that you make, and is anything rounded?"
    if other:
        expect.that(False, f"{{call}} returned {other[0]}, where float64 is asked.", hint=hint)
    seen = "The values of {call} are right to a few digits only: they were rounded, or computed in float32."
    expect.that(exact, seen, hint=hint)


def equal_arrays(got, want):
    numbers = isinstance(got, np.ndarray) and got.dtype.kind in "fiu"
    return numbers and got.shape == want.shape and np.allclose(got, want, rtol=1e-9, atol=1e-12)


def equal_parts(got, want):
    """Whether a list or tuple holds exactly these arrays."""
    return isinstance(got, list | tuple) and len(got) == len(want) and all(map(equal_arrays, got, want))


def compare(got, want, names, *, hint, mistakes):
    """The arrays of ``got``, by name, are those of ``want`` to 1e-9; a known mistake is called by its name.

    ``mistakes`` is called for an answer that is not right: sentence -> what this mistake returns.
    """
    wanted = dict(zip(names, several(want), strict=True))
    right = equal_parts(got, [*wanted.values()])
    not_rounded(one_array(got), [*wanted.values()])
    expect.arrays(
        one_array(got),
        wanted,
        axes=AXES,
        dtype="float64",
        rtol=1e-9,
        atol=1e-12,
        hint=hint,
        confusions={} if right else unambiguous(mistakes()),
    )


def compare_state(got, want, *, hint, mistakes):
    """Like ``compare``, for a function that returns one array."""
    known_ones = {} if equal_arrays(got, want) else unambiguous(mistakes())
    if isinstance(got, np.ndarray):
        not_rounded([got], [want])
    for sentence, wrong in known_ones.items():
        expect.that(not equal_parts(got, wrong), sentence, hint=hint)
    singles = {sentence: wrong[0] for sentence, wrong in known_ones.items() if len(wrong) == 1}
    expect.array(got, want, axes=STATE, dtype="float64", rtol=1e-9, atol=1e-12, hint=hint, confusions=singles)


def arrays_of(value, count, hint):
    """``count`` arrays of numbers with two axes or more, or a sentence."""
    items = expect.sequence(value, hint=hint)
    one = isinstance(value, np.ndarray) and value.ndim < 3
    fit = all(isinstance(item, np.ndarray) and item.dtype.kind in "fiu" and item.ndim > 1 for item in items)
    what = f"{count} arrays" if count > 1 else "an array"
    seen = f"{{call}} returned something else than {what} of numbers with a batch axis and a units axis."
    expect.that(not one and fit and len(items) == count, seen, hint=hint)
    return items


def same(got, want, seen, hint):
    """Two answers of the student's own agree."""
    expect.that(
        got.shape == want.shape and bool(np.allclose(got, want, rtol=1e-6, atol=1e-6)), seen, hint=hint
    )


# ---------------------------------------------------------------------------------------- rnn_step


def check_rnn_step(submission, hint, *arguments):
    compare_state(
        submission.rnn_step(*arguments),
        reference.rnn_step(*arguments),
        hint=hint,
        mistakes=lambda: known("rnn_step", RNN_STEP, arguments),
    )


@exercise("rnn_step")
def test_bias_alone(submission, rng):
    """With x_t = 0 and h = 0, `rnn_step` gives tanh(b) for every series of the batch."""
    Wx, Wh, b = rnn_weights(rng, 3, 4)
    check_rnn_step(
        submission, "Where does b enter, and how often?", np.zeros((2, 3)), np.zeros((2, 4)), Wx, Wh, b
    )


@exercise("rnn_step")
def test_input_alone(submission, rng):
    """With h = 0 and b = 0, `rnn_step` gives tanh(x_t Wx)."""
    Wx, Wh, b = rnn_weights(rng, 3, 4)
    check_rnn_step(
        submission, "Follow x_t through the function.", normal(rng, 2, 3), np.zeros((2, 4)), Wx, Wh, 0 * b
    )


@exercise("rnn_step")
def test_state_alone(submission, rng):
    """With x_t = 0 and b = 0, `rnn_step` gives tanh(h Wh): every neuron reads the state of all."""
    Wx, Wh, b = rnn_weights(rng, 3, 4)
    check_rnn_step(
        submission, "Follow h through the function.", np.zeros((2, 3)), normal(rng, 2, 4), Wx, Wh, 0 * b
    )


@exercise("rnn_step", weight=3)
@pytest.mark.parametrize("size", SIZES)
def test_one_step(submission, rng, size):
    """`rnn_step` gives tanh(x_t Wx + h Wh + b), of shape (B, H), in float64; one neuron is a cell with H =
    1."""
    batch, _, features, units = size
    arguments = normal(rng, batch, features), normal(rng, batch, units), *rnn_weights(rng, features, units)
    check_rnn_step(submission, "Three terms, one sum, one tanh: print each of them.", *arguments)


@exercise("rnn_step")
def test_step_keeps_series_apart(submission, rng):
    """Each series of the batch is computed as if it were alone."""
    hint = "What would mix two rows of x_t or of h? A mean, a sum or a maximum over axis 0."
    x_t, h, weights = normal(rng, 4, 3), normal(rng, 4, 2), rnn_weights(rng, 3, 2)
    (whole,) = arrays_of([submission.rnn_step(x_t, h, *weights)], 1, hint)
    (alone,) = arrays_of([submission.rnn_step(x_t[2:3], h[2:3], *weights)], 1, hint)
    seen = "{call} gives another state when the same series comes with others in its batch."
    same(whole[2:3], alone, seen, hint)


@exercise("rnn_step")
def test_step_leaves_arguments(submission, rng):
    """`rnn_step` leaves its arguments as they were."""
    report = submission.rnn_step.report(normal(rng, 2, 3), normal(rng, 2, 4), *rnn_weights(rng, 3, 4))
    expect.unchanged(
        report, hint="`h += …` and `h[:] = …` write into the caller's array; `h = h + …` does not."
    )


# ------------------------------------------------------------------------------------- rnn_forward


def rnn_arguments(rng, size):
    batch, time, features, units = size
    return normal(rng, batch, time, features), normal(rng, batch, units), *rnn_weights(rng, features, units)


def check_rnn_forward(submission, hint, arguments):
    compare(
        submission.rnn_forward(*arguments),
        reference.rnn_forward(*arguments),
        ("outputs", "h_T"),
        hint=hint,
        mistakes=lambda: known("rnn_forward", RNN_FORWARD, arguments),
    )


@exercise("rnn_forward", weight=3)
@pytest.mark.parametrize("size", SIZES)
def test_whole_series(submission, rng, size):
    """`rnn_forward` gives the state after each step, (B, T, H), and the last one, (B, H), from any h0."""
    hint = "Unroll three steps by hand: which state enters each step, and where is the new one kept?"
    check_rnn_forward(submission, hint, rnn_arguments(rng, size))


@exercise("rnn_forward")
def test_session_shapes(submission, rng):
    """32 series of 20 steps and 8 features: 16 neurons give outputs (32, 20, 16) and a last state (32,
    16)."""
    hint = "Axes are (batch, time, features): along which one does the loop run?"
    check_rnn_forward(submission, hint, rnn_arguments(rng, (32, 20, 8, 16)))


@exercise("rnn_forward")
def test_last_output_is_state(submission, rng):
    """The last output is the last state: outputs[:, -1] equals h_T (serie to vector takes it)."""
    hint = "Compare outputs[:, -1] with what you return second."
    outputs, h = arrays_of(submission.rnn_forward(*rnn_arguments(rng, (3, 4, 2, 5))), 2, hint)
    expect.that(
        outputs.ndim == 3 and outputs.shape[1] > 0,
        "The outputs of {call} have no time axis: (batch, time, units).",
        hint=hint,
    )
    same(outputs[:, -1], h, "The last of the outputs of {call} is not its h_T.", hint)


@exercise("rnn_forward")
def test_chunks_equal_whole(submission, rng):
    """A series in two pieces, the second from the last state of the first, gives what the whole gives."""
    hint = "The state that the first piece ends on is the h0 of the second."
    x, h0, *weights = rnn_arguments(rng, (2, 7, 3, 4))
    whole, last = arrays_of(submission.rnn_forward(x, h0, *weights), 2, hint)
    _, middle = arrays_of(submission.rnn_forward(x[:, :3], h0, *weights), 2, hint)
    expect.that(
        middle.shape == (2, 4),
        f"h_T of {{call}} has shape {middle.shape}; it is (batch, units), like h0.",
        hint=hint,
    )
    rest, end = arrays_of(submission.rnn_forward(x[:, 3:], middle, *weights), 2, hint)
    seen = "{call}: a series in two pieces gives another result than in one. The state is lost in between."
    same(rest, whole[:, 3:], seen, hint)
    same(end, last, seen, hint)


@exercise("rnn_forward")
def test_causal(submission, rng):
    """The outputs of the first steps do not depend on later inputs."""
    hint = "Which inputs has the cell read after two steps?"
    x, *rest = rnn_arguments(rng, (2, 6, 3, 4))
    later = x.copy()
    later[:, 2:] = normal(rng, 2, 4, 3)
    first, _ = arrays_of(submission.rnn_forward(x, *rest), 2, hint)
    second, _ = arrays_of(submission.rnn_forward(later, *rest), 2, hint)
    same(first[:, :2], second[:, :2], "{call}: changing later inputs changes the first outputs.", hint)


@exercise("rnn_forward")
def test_series_leaves_arguments(submission, rng):
    """`rnn_forward` leaves its arguments as they were, h0 included."""
    report = submission.rnn_forward.report(*rnn_arguments(rng, (2, 3, 3, 2)))
    expect.unchanged(report, hint="Keep the running state under another name or in another array than h0.")


# --------------------------------------------------------------------------------------- lstm_step


def check_lstm_step(submission, hint, *arguments):
    def mistakes():
        return known("lstm_step", LSTM_STEP, arguments) | other_orders("lstm_step", arguments, "ifco")

    got, want = submission.lstm_step(*arguments), reference.lstm_step(*arguments)
    compare(got, want, ("h", "c"), hint=hint, mistakes=mistakes)


@exercise("lstm_step")
def test_gates_from_bias(submission, rng):
    """With x_t = 0 and h = 0 the gates come from b alone, in blocks of H columns: i, f, candidate, o."""
    K, U, b = lstm_weights(rng, 3, 2)
    arguments = np.zeros((3, 3)), np.zeros((3, 2)), normal(rng, 3, 2), K, U, b
    check_lstm_step(submission, "Which columns of b belong to which gate?", *arguments)


@exercise("lstm_step", weight=4)
@pytest.mark.parametrize("size", SIZES)
def test_one_lstm_step(submission, rng, size):
    """`lstm_step` gives h = o · tanh(c) and c = f · c + i · candidate, both (B, H), from any h and c."""
    batch, _, features, units = size
    states = normal(rng, batch, units), normal(rng, batch, units)
    hint = "Compute the four blocks of the worked example one by one and compare."
    check_lstm_step(
        submission, hint, normal(rng, batch, features), *states, *lstm_weights(rng, features, units)
    )


@exercise("lstm_step")
def test_h_is_bounded_and_c_is_not(submission, rng):
    """The long-term memory c may grow beyond 5, the short-term memory h stays within ±1."""
    hint = "h = o · tanh(c). Which of the two do you return first?"
    c = rng.uniform(6, 9, size=(2, 3))
    arguments = normal(rng, 2, 4), np.zeros((2, 3)), c, *no_weights(4, 3, OPEN, OPEN, 1.0, OPEN)
    h, grown = arrays_of(submission.lstm_step(*arguments), 2, hint)
    largest = float(np.abs(h).max(initial=0))
    reason = ""
    if float(np.abs(grown).max(initial=0)) <= 1:
        reason = ": h and c are exchanged"
    elif h.shape == grown.shape and np.allclose(h, grown):
        reason = ": the tanh of c is missing"
    seen = f"Your h reaches {largest:.1f}; h = o · tanh(c) stays within ±1{reason}."
    expect.that(largest <= 1, seen, hint=hint)
    least = float(np.abs(grown).min(initial=9))
    expect.that(least > 5, f"Your c falls to {least:.1f} although nothing was to be forgotten.", hint=hint)


@exercise("lstm_step")
def test_open_forget_gate_keeps_c(submission, rng):
    """With f = 1 and i = 0 the long-term memory stays as it is, whatever comes in."""
    arguments = *(normal(rng, 2, n) for n in (3, 4, 4)), *no_weights(3, 4, SHUT, OPEN, 1.0, 1.0)
    check_lstm_step(
        submission, "What does f = 1 mean for the old c, and i = 0 for the candidate?", *arguments
    )


@exercise("lstm_step")
def test_shut_forget_gate_replaces_c(submission, rng):
    """With f = 0 and i = 1 the candidate replaces the long-term memory."""
    K, U, b = lstm_weights(rng, 3, 4)
    gates = no_weights(3, 4, OPEN, SHUT, 0.0, 0.0)
    candidate = slice(8, 12)
    for weights, drawn in zip(gates, (K, U, b), strict=True):
        weights[..., candidate] = drawn[..., candidate]
    arguments = *(normal(rng, 2, n) for n in (3, 4, 4)), *gates
    check_lstm_step(
        submission, "What does f = 0 mean for the old c, and i = 1 for the candidate?", *arguments
    )


@exercise("lstm_step")
def test_lstm_step_leaves_arguments(submission, rng):
    """`lstm_step` leaves its arguments as they were."""
    report = submission.lstm_step.report(*(normal(rng, 2, n) for n in (3, 4, 4)), *lstm_weights(rng, 3, 4))
    expect.unchanged(report, hint="`c *= …` and `c += …` write into the caller's array.")


# ------------------------------------------------------------------------------------ lstm_forward


def lstm_arguments(rng, size):
    batch, time, features, units = size
    states = normal(rng, batch, units), normal(rng, batch, units)
    return normal(rng, batch, time, features), *states, *lstm_weights(rng, features, units)


def masked(submission, arguments, mask, hint):
    """What the function gives for a mask; one that asks for the truth of a whole column is told so."""
    x, h0, c0, *weights = arguments

    def call(*given):
        return submission.lstm_forward(*given[:-1], mask=given[-1])

    return special(
        call,
        (*arguments, mask),
        plain=(x[:1], h0[:1], c0[:1], *weights, mask[:1]),
        seen="A batch of one series is read well; here each series of several has a mask of its own",
        hint=hint,
    )


def check_lstm_forward(submission, hint, arguments, *mask):
    def mistakes():
        inputs = *arguments, *mask
        found = known("lstm_forward", LSTM_FORWARD | (LSTM_MASK if mask else {}), inputs)
        return found | other_orders("lstm_forward", inputs, "ifco")

    got = masked(submission, arguments, *mask, hint) if mask else submission.lstm_forward(*arguments)
    want = reference.lstm_forward(*arguments, *mask)
    compare(got, want, ("outputs", "h_T", "c_T"), hint=hint, mistakes=mistakes)


def draw_mask(rng):
    """Three series of six steps: pads at the end, a gap in the middle, a masked beginning."""
    mask = np.ones((3, 6), dtype=bool)
    mask[0, rng.integers(2, 5) :] = False
    mask[1, rng.integers(1, 3) : 4] = False
    mask[2, : rng.integers(1, 4)] = False
    return mask


@exercise("lstm_forward", weight=4)
@pytest.mark.parametrize("size", SIZES)
def test_whole_series_of_lstm(submission, rng, size):
    """`lstm_forward` gives h after each step, (B, T, H), and both last memories, (B, H), from any h0 and
    c0."""
    check_lstm_forward(submission, AT_STEP, lstm_arguments(rng, size))


@exercise("lstm_forward")
def test_last_output_is_short_term(submission, rng):
    """The last output is the short-term memory: outputs[:, -1] equals h_T and not c_T."""
    hint = "Compare outputs[:, -1] with each of the two memories that you return."
    outputs, h, c = arrays_of(submission.lstm_forward(*lstm_arguments(rng, (3, 4, 2, 5))), 3, hint)
    expect.that(
        outputs.ndim == 3 and outputs.shape[1] > 0,
        "The outputs of {call} have no time axis: (batch, time, units).",
        hint=hint,
    )
    if outputs[:, -1].shape == c.shape and np.allclose(outputs[:, -1], c):
        seen = "The last of the outputs of {call} equals its c_T; it is h_T. h and c are exchanged."
    else:
        seen = "The last of the outputs of {call} is not its h_T."
    same(outputs[:, -1], h, seen, hint)


@exercise("lstm_forward")
def test_lstm_chunks_equal_whole(submission, rng):
    """A series in two pieces, the second from both last memories of the first, gives what the whole gives."""
    hint = "Both memories that the first piece ends on start the second."
    x, h0, c0, *weights = lstm_arguments(rng, (2, 7, 3, 4))
    whole, *last = arrays_of(submission.lstm_forward(x, h0, c0, *weights), 3, hint)
    _, *middle = arrays_of(submission.lstm_forward(x[:, :3], h0, c0, *weights), 3, hint)
    expect.that(
        all(state.shape == (2, 4) for state in middle),
        "h_T and c_T of {call} have another shape than h0 and c0, so they cannot start a second piece.",
        hint=hint,
    )
    rest, *end = arrays_of(submission.lstm_forward(x[:, 3:], *middle, *weights), 3, hint)
    seen = "{call}: a series in two pieces gives another result than in one. A memory is lost in between."
    for got, want in ((rest, whole[:, 3:]), *zip(end, last, strict=True)):
        same(got, want, seen, hint)


@exercise("lstm_forward")
def test_remembers_over_50_steps(submission, rng):
    """With f = 1 and i = 0, c_T is c0 after 50 steps: the long-term memory lasts."""
    x, h0, c0 = normal(rng, 2, 50, 3), normal(rng, 2, 4), normal(rng, 2, 4)
    check_lstm_forward(submission, AT_STEP, (x, h0, c0, *no_weights(3, 4, SHUT, OPEN, 1.0, 1.0)))


@exercise("lstm_forward")
def test_lstm_leaves_arguments(submission, rng):
    """`lstm_forward` leaves its arguments as they were, h0 and c0 included."""
    report = submission.lstm_forward.report(*lstm_arguments(rng, (2, 3, 3, 2)))
    expect.unchanged(report, hint="Keep the running memories in other arrays than h0 and c0.")


@exercise("lstm_forward", weight=4)
@pytest.mark.parametrize("kind", [bool, int])
def test_masked_steps_copy_states(submission, rng, kind):
    """Where the mask is False (or 0), h and c are copied, and the output is the copied h."""
    check_lstm_forward(submission, AT_MASK, lstm_arguments(rng, (3, 6, 4, 2)), draw_mask(rng).astype(kind))


@exercise("lstm_forward")
def test_pads_at_end_change_nothing(submission, rng):
    """h_T and c_T of a series that was filled up are those after its last real step."""
    x, h0, c0, *weights = lstm_arguments(rng, (2, 6, 3, 4))
    mask = np.arange(6) < np.array([[3], [3]])
    _, *padded = arrays_of(submission.lstm_forward(x, h0, c0, *weights, mask=mask), 3, AT_MASK)
    _, *short = arrays_of(submission.lstm_forward(x[:, :3], h0, c0, *weights), 3, AT_MASK)
    for name, got, want in zip(("h_T", "c_T"), padded, short, strict=True):
        seen = (
            f"{name} changes when masked steps follow the series: it is no longer that of the last real step."
        )
        same(got, want, seen, AT_MASK)


@exercise("lstm_forward")
def test_masked_inputs_are_not_read(submission, rng):
    """What stands in x at a masked step has no influence on anything."""
    x, *rest = lstm_arguments(rng, (3, 6, 4, 2))
    mask = draw_mask(rng)
    other = np.where(mask[:, :, np.newaxis], x, normal(rng, *x.shape))
    first = arrays_of(submission.lstm_forward(x, *rest, mask=mask), 3, AT_MASK)
    second = arrays_of(submission.lstm_forward(other, *rest, mask=mask), 3, AT_MASK)
    for name, got, want in zip(("outputs", "h_T", "c_T"), first, second, strict=True):
        same(got, want, f"The {name} of {{call}} change with what stands in x at masked steps.", AT_MASK)


@exercise("lstm_forward", weight=2)
def test_mask_of_true_is_no_mask(submission, rng):
    """A mask that is True everywhere gives what no mask gives, and one that is False everywhere h0 and c0."""
    arguments = lstm_arguments(rng, (2, 3, 3, 2))
    check_lstm_forward(submission, AT_MASK, arguments, np.ones((2, 3), dtype=bool))
    check_lstm_forward(submission, AT_MASK, arguments, np.zeros((2, 3), dtype=bool))


# ---------------------------------------------------------------------------------------- gru_step


def check_gru_step(submission, hint, *arguments):
    def mistakes():
        # with other batches b does not fit as it is
        fitting = GRU_STEP if len(arguments[0]) < 3 else {**GRU_STEP, "bias_as_rows": ""}
        fitting = {name: sentence for name, sentence in fitting.items() if sentence}
        found = known("gru_step", fitting, arguments)
        found = {sentence: wrong for sentence, wrong in found.items() if wrong[0].shape == arguments[1].shape}
        return found | other_orders("gru_step", arguments, "zrh")

    got, want = submission.gru_step(*arguments), reference.gru_step(*arguments)
    compare_state(got, want, hint=hint, mistakes=mistakes)


@exercise("gru_step", weight=4)
@pytest.mark.parametrize("size", [*SIZES, (2, 1, 4, 3)])
def test_one_gru_step(submission, rng, size):
    """`gru_step` gives z · h + (1 - z) · candidate, (B, H), blocks z, r, candidate, the reset after the
    product."""
    batch, _, features, units = size
    arguments = normal(rng, batch, features), normal(rng, batch, units), *gru_weights(rng, features, units)
    check_gru_step(submission, "Compute z, r and the candidate of the worked example one by one.", *arguments)


@exercise("gru_step")
def test_open_update_gate_keeps_h(submission, rng):
    """With z = 1 the state stays as it is, whatever comes in."""
    K, U, b = gru_weights(rng, 3, 4)
    b[0, :4] += OPEN
    arguments = normal(rng, 2, 3), normal(rng, 2, 4), K, U, b
    check_gru_step(submission, "Which columns belong to z, and what does z = 1 keep?", *arguments)


@exercise("gru_step")
def test_shut_update_gate_gives_candidate(submission, rng):
    """With z = 0 the new state is the candidate."""
    K, U, b = gru_weights(rng, 3, 4)
    b[1, :4] += SHUT
    arguments = normal(rng, 2, 3), normal(rng, 2, 4), K, U, b
    check_gru_step(submission, "What is left of the formula when z = 0?", *arguments)


@exercise("gru_step")
def test_shut_reset_gate_hides_h(submission, rng):
    """With z = 0 and r = 0 the new state depends on x_t and b[0] alone."""
    K, U, b = gru_weights(rng, 3, 4)
    b[0, :8] += SHUT
    arguments = normal(rng, 2, 3), normal(rng, 2, 4), K, U, b
    check_gru_step(submission, "What does r multiply? And is the recurrent bias b[1] inside?", *arguments)


@exercise("gru_step")
def test_two_biases(submission, rng):
    """With x_t = 0 and h = 0 both rows of b count: b[0] with the input part, b[1] with the recurrent part."""
    K, U, b = gru_weights(rng, 3, 4)
    check_gru_step(
        submission, "b has two rows: which product gets which?", np.zeros((2, 3)), np.zeros((2, 4)), K, U, b
    )


@exercise("gru_step")
def test_gru_step_leaves_arguments(submission, rng):
    """`gru_step` leaves its arguments as they were."""
    report = submission.gru_step.report(normal(rng, 2, 3), normal(rng, 2, 4), *gru_weights(rng, 3, 4))
    expect.unchanged(report, hint="`h *= …` and `h += …` write into the caller's array.")


# ------------------------------------------------------------------------------------- my_property


OWN = ("rnn_step", "rnn_forward", "lstm_step", "lstm_forward", "gru_step", "forgets_h0", "stale_states")
AT_PROPERTY = (
    "Try it on `lstm_forward` and on the two broken LSTMs of the section; draw states that are not zero."
)
LARGEST, LONGEST = 1_000_000, 1000
"""Products and steps that one call of a function under test may take: it runs in the judge's own process."""


def stale(x, h0, c0, K, U, b):
    """An LSTM whose outputs are right and whose last memories are those before the last step."""
    outputs, _, _ = reference.lstm_forward(x, h0, c0, K, U, b)
    _, h, c = reference.lstm_forward(x[:, :-1], h0, c0, K, U, b)
    return outputs, h, c


BROKEN = {
    "that ignores h0": reference.lstm_forward__wrong_h0_ignored,
    "that ignores c0": reference.lstm_forward__wrong_c0_ignored,
    "whose h = o · c has no tanh": reference.lstm_forward__wrong_no_tanh_of_c,
    "whose gates i and f are exchanged": reference.lstm_forward__wrong_order_fico,
    "whose h_T and c_T are those before the last step": stale,
}


def problem(x, h0, c0, K, U, b):
    """Why a function under test cannot be called so; "" when it can."""
    if x.ndim != 3 or h0.ndim != 2:
        return f"x is (B, T, D) and h0 is (B, H), and they have shapes {x.shape} and {h0.shape}"
    (batch, time, features), units = x.shape, h0.shape[1]
    asked = {"h0": (batch, units), "c0": (batch, units), "K": (features, 4 * units)}
    asked |= {"U": (units, 4 * units), "b": (4 * units,)}
    for (name, shape), value in zip(asked.items(), (h0, c0, K, U, b), strict=True):
        if value.shape != shape:
            return f"with this x and h0, {name} has shape {shape}, and it has {value.shape}"
    if min(batch, time, features, units) < 1:
        return f"x and h0 have an empty axis: {x.shape} and {h0.shape}"
    if time > LONGEST or batch * time * (features + units) * 4 * units > LARGEST * 10:
        return f"these arrays are too large, x has shape {x.shape}: sizes of 2 to 20 are plenty"
    return ""


def guarded(lstm, complaints):
    """The function under test as the student's code gets it: in float64, and only for arguments that fit."""

    def under_test(x, h0, c0, K, U, b):
        arrays = [np.array(value, dtype="float64") for value in (x, h0, c0, K, U, b)]
        complaint = problem(*arrays)
        if complaint:
            complaints.append(complaint)
            raise ValueError(complaint)
        with np.errstate(all="ignore"):
            return lstm(*arrays)

    return under_test


def verdict_of(submission, lstm, described):
    """What the student's property says of ``lstm``, in a worker of its own."""
    complaints = []
    try:
        value = apart(submission.my_property, guarded(lstm, complaints), without=OWN)
    except Exception as stopped:
        error = getattr(stopped, "error", None)
        kinds = getattr(error, "ancestors", ())
        expect.that(
            "NotImplementedError" not in kinds,
            "`my_property` called a function of the notebook, and they raise here: it may use NumPy and the "
            "function that it is given.",
            hint="Work with what `lstm` returns for several inputs, and compare these with each other.",
        )
        expect.that(
            "AssertionError" not in kinds,
            f"For an LSTM {described}, `my_property` stopped with an AssertionError; it returns False there.",
            hint="Return the condition instead of asserting it.",
        )
        if "ValueError" in kinds and complaints:
            seen = f"`my_property` calls `lstm` with arguments that do not fit: {complaints[-1]}."
            expect.that(False, seen, hint="The order is lstm(x, h0, c0, K, U, b), as for `lstm_forward`.")
        raise
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    expect.that(
        isinstance(value, bool | np.bool_),
        f"`my_property` returned {kind_of(value)}, where one bool is asked: True or False.",
        hint="np.all and np.allclose make one answer of many; is a `return` missing?",
    )
    return bool(value)


def kind_of(value):
    if isinstance(value, np.ndarray):
        return f"an array of {value.size} values"
    return "nothing" if value is None else f"an object of type {type(value).__name__}"


@exercise("my_property")
def test_true_for_right_lstm(submission, rng):
    """`my_property` is True for a right LSTM, and not True for everything."""
    expect.that(
        verdict_of(submission, reference.lstm_forward, "that is right"),
        "`my_property` returned False for an LSTM that is right.",
        hint=AT_PROPERTY,
    )
    noise = verdict_of(
        submission,
        lambda x, h0, *_: (3 * normal(rng, *x.shape[:2], h0.shape[1]), *3 * normal(rng, 2, *h0.shape)),
        "that gives random numbers",
    )
    seen = "`my_property` returned True for a function that gives random numbers of the right shapes."
    expect.that(not noise, seen, hint=AT_PROPERTY)


@exercise("my_property", weight=3)
def test_tells_wrong_from_right(submission, rng):
    """`my_property` is False for at least 3 of 5 broken LSTMs, and True each time for the right one."""
    candidates = [("that is right", reference.lstm_forward)] * 2 + [*BROKEN.items()]
    said = [
        (candidates[i][0], verdict_of(submission, candidates[i][1], candidates[i][0]))
        for i in rng.permutation(len(candidates))
    ]
    wrong = sum(name not in BROKEN and not answer for name, answer in said)
    expect.that(not wrong, "`my_property` returned False for an LSTM that is right.", hint=AT_PROPERTY)
    missed = sorted(name for name, answer in said if name in BROKEN and answer)
    expect.that(
        len(missed) <= 2,
        f"`my_property` returned True for {len(missed)} of the 5 broken LSTMs: one {'; one '.join(missed)}.",
        hint=AT_PROPERTY,
    )
