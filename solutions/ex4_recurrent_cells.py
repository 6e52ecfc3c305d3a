"""The reference for `ex4_recurrent_cells`, right variants of other styles, and wrong ones students write.

`f` is the reference, `f__right_<name>` must get all points, `f__wrong_<name>` must lose some; a wrong
variant's docstring names the misconception.  Only numpy, the standard library and (inside functions,
so that reading this file stays cheap) keras are imported.
"""

import math
from dataclasses import dataclass

import numpy as np

# ---------------------------------------------------------------------------------------- rnn_step


def rnn_step(x_t, h, Wx, Wh, b):
    """One step of a recurrent cell: the new state from one value of the series and the old state.

    Args:
        x_t: (B, D) float64, one time step of B series.
        h: (B, H) float64, the state before the step; no argument is changed.
        Wx: (D, H), Wh: (H, H), b: (H,), float64.
    Returns:
        The state after the step, tanh(x_t Wx + h Wh + b): (B, H) float64.

    >>> rnn_step(np.array([[1.0, 2.0]]), np.array([[0.5]]), np.array([[0.1], [0.2]]),
    ...          np.array([[0.4]]), np.array([0.1])).round(4)
    array([[0.664]])
    """
    return np.tanh(x_t @ Wx + h @ Wh + b)


def rnn_step__right_loops(x_t, h, Wx, Wh, b):
    """One neuron after the other, one product after the other."""
    result = np.zeros(h.shape)
    for row in range(len(h)):
        for unit in range(len(b)):
            total = b[unit]
            for feature in range(x_t.shape[1]):
                total += x_t[row, feature] * Wx[feature, unit]
            for other in range(len(b)):
                total += h[row, other] * Wh[other, unit]
            result[row, unit] = math.tanh(total)
    return result


def rnn_step__right_stacked_weights(x_t, h, Wx, Wh, b):
    """Writes input and state side by side and needs one product only."""
    return np.tanh(np.concatenate([x_t, h], axis=1) @ np.concatenate([Wx, Wh], axis=0) + b)


def rnn_step__right_einsum(x_t, h, Wx, Wh, b):
    """Names the axes, and writes tanh with exponentials."""
    z = np.einsum("bd,dh->bh", x_t, Wx) + np.einsum("bk,kh->bh", h, Wh) + b
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


def rnn_step__right_tensorflow(x_t, h, Wx, Wh, b):
    """Computes with TensorFlow in float64 and gives a tensor back."""
    import tensorflow as tf

    return tf.math.tanh(tf.matmul(x_t, Wx) + tf.matmul(h, Wh) + b)


def rnn_step__wrong_no_bias(x_t, h, Wx, Wh, b):  # noqa: ARG001 - that is the mistake
    """Forgets the bias."""
    return np.tanh(x_t @ Wx + h @ Wh)


def rnn_step__wrong_bias_twice(x_t, h, Wx, Wh, b):
    """Adds the bias to both products, so it counts twice."""
    return np.tanh((x_t @ Wx + b) + (h @ Wh + b))


def rnn_step__wrong_bias_after_tanh(x_t, h, Wx, Wh, b):
    """Adds the bias after tanh."""
    return np.tanh(x_t @ Wx + h @ Wh) + b


def rnn_step__wrong_no_tanh(x_t, h, Wx, Wh, b):
    """Forgets tanh, so the cell is linear."""
    return x_t @ Wx + h @ Wh + b


def rnn_step__wrong_relu(x_t, h, Wx, Wh, b):
    """Takes relu where tanh is asked."""
    return np.maximum(x_t @ Wx + h @ Wh + b, 0)


def rnn_step__wrong_sigmoid(x_t, h, Wx, Wh, b):
    """Takes the sigmoid where tanh is asked."""
    return 1 / (1 + np.exp(-(x_t @ Wx + h @ Wh + b)))


def rnn_step__wrong_ignores_h(x_t, h, Wx, Wh, b):  # noqa: ARG001 - that is the mistake
    """Never reads the old state: the cell has no memory."""
    return np.tanh(x_t @ Wx + b)


def rnn_step__wrong_adds_h(x_t, h, Wx, Wh, b):  # noqa: ARG001 - that is the mistake
    """Adds the old state as it is, without its weights."""
    return np.tanh(x_t @ Wx + h + b)


def rnn_step__wrong_ignores_x(x_t, h, Wx, Wh, b):  # noqa: ARG001 - that is the mistake
    """Never reads the input."""
    return np.tanh(h @ Wh + b)


def rnn_step__wrong_transposed(x_t, h, Wx, Wh, b):
    """Multiplies by the transpose of Wh: the wires between the neurons run backwards."""
    return np.tanh(x_t @ Wx + h @ Wh.T + b)


def rnn_step__wrong_alone(x_t, h, Wx, Wh, b):
    """Each neuron sees only its own past: the diagonal of Wh."""
    return np.tanh(x_t @ Wx + h * np.diag(Wh) + b)


def rnn_step__wrong_two_tanh(x_t, h, Wx, Wh, b):
    """Takes tanh of each part and adds afterwards."""
    return np.tanh(x_t @ Wx + b) + np.tanh(h @ Wh)


def rnn_step__wrong_batch_mean(x_t, h, Wx, Wh, b):
    """Takes the mean over the batch, so one series sees the others."""
    return np.tanh(x_t @ Wx + h.mean(axis=0) @ Wh + b)


def rnn_step__wrong_float32(x_t, h, Wx, Wh, b):
    """Computes in float32, which keeps seven digits only."""
    x_t, h, Wx, Wh, b = (np.asarray(a, "float32") for a in (x_t, h, Wx, Wh, b))
    return np.tanh(x_t @ Wx + h @ Wh + b)


def rnn_step__wrong_rounds(x_t, h, Wx, Wh, b):
    """Rounds the result, as the worked example is printed."""
    return np.tanh(x_t @ Wx + h @ Wh + b).round(4)


def rnn_step__wrong_writes_into_h(x_t, h, Wx, Wh, b):
    """Stores the new state in the array that holds the old one."""
    h[:] = np.tanh(x_t @ Wx + h @ Wh + b)
    return h


def rnn_step__wrong_pair(x_t, h, Wx, Wh, b):
    """Gives output and state, although the output of this cell is its state."""
    new = np.tanh(x_t @ Wx + h @ Wh + b)
    return new, new


def rnn_step__wrong_nothing_returned(x_t, h, Wx, Wh, b):
    """Computes the state and forgets to return it."""
    h = np.tanh(x_t @ Wx + h @ Wh + b)


# ------------------------------------------------------------------------------------- rnn_forward


def rnn_forward(x, h0, Wx, Wh, b):
    """A recurrent cell along the whole series.

    Args:
        x: (B, T, D) float64, B series of T time steps.
        h0: (B, H) float64, the state before the first step; no argument is changed.
        Wx: (D, H), Wh: (H, H), b: (H,), float64.
    Returns:
        outputs (B, T, H) float64, the state after each step, and h_T (B, H), the state after the last.

    >>> one = np.ones((1, 1))
    >>> outputs, h_T = rnn_forward(np.array([[[1.0], [0.0], [0.0]]]), 0 * one, one, 0.5 * one, np.zeros(1))
    >>> outputs.round(4).tolist(), h_T.round(4).tolist()
    ([[[0.7616], [0.3634], [0.1797]]], [[0.1797]])
    """
    h = h0
    outputs = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        outputs[:, t] = h
    return outputs, h


def rnn_forward__right_list_and_stack(x, h0, Wx, Wh, b):
    """Collects the states in a list and stacks them along axis 1."""
    states = [h0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t, :] @ Wx + states[-1] @ Wh + b))
    return np.stack(states[1:], axis=1), states[-1]


def rnn_forward__right_inputs_first(x, h0, Wx, Wh, b):
    """Multiplies all inputs at once, before the loop."""
    outputs = x @ Wx + b
    h = h0.copy()
    for t in range(x.shape[1]):
        h = np.tanh(outputs[:, t] + np.matmul(h, Wh))
        outputs[:, t] = h
    return [outputs, outputs[:, -1, :].copy()]


def rnn_forward__right_recursive(x, h0, Wx, Wh, b):
    """The first step, then the same on the rest."""

    def read(rest, h):
        h = np.tanh(rest[:, 0] @ Wx + h @ Wh + b)
        return [h] if rest.shape[1] == 1 else [h, *read(rest[:, 1:], h)]

    states = read(x, h0)
    return np.stack(states, axis=1), states[-1]


def rnn_forward__right_series_by_series(x, h0, Wx, Wh, b):
    """One series after the other, with lists of Python floats in between."""
    outputs = []
    for series, h in zip(x, h0, strict=True):
        states = []
        for x_t in series:
            h = np.tanh(x_t @ Wx + h @ Wh + b)
            states.append(h.tolist())
        outputs.append(states)
    outputs = np.array(outputs)
    return outputs, outputs[:, -1]


def rnn_forward__right_generator(x, h0, Wx, Wh, b):
    """A generator makes one state after the other; a list comes back."""

    def states(h):
        for x_t in np.moveaxis(x, 1, 0):
            h = np.tanh(x_t @ Wx + h @ Wh + b)
            yield h

    outputs = np.array(list(states(h0))).swapaxes(0, 1)
    return [outputs, outputs[:, -1]]


def rnn_forward__wrong_h0_ignored(x, h0, Wx, Wh, b):
    """Starts from zeros instead of h0."""
    return rnn_forward(x, np.zeros_like(h0), Wx, Wh, b)


def rnn_forward__wrong_not_chained(x, h0, Wx, Wh, b):
    """Starts every step from h0, so nothing is carried along."""
    outputs = np.tanh(x @ Wx + (h0 @ Wh + b)[:, np.newaxis])
    return outputs, outputs[:, -1]


def rnn_forward__wrong_last_repeated(x, h0, Wx, Wh, b):
    """Gives T times the last state instead of the state of each step."""
    outputs, h = rnn_forward(x, h0, Wx, Wh, b)
    return np.repeat(h[:, np.newaxis], outputs.shape[1], axis=1), h


def rnn_forward__wrong_reversed(x, h0, Wx, Wh, b):
    """Reads the series from its end."""
    return rnn_forward(x[:, ::-1], h0, Wx, Wh, b)


def rnn_forward__wrong_time_major(x, h0, Wx, Wh, b):
    """Stacks along axis 0, which gives (time, batch, units)."""
    outputs, h = rnn_forward(x, h0, Wx, Wh, b)
    return outputs.transpose(1, 0, 2), h


def rnn_forward__wrong_side_by_side(x, h0, Wx, Wh, b):
    """Joins the states along the last axis: (B, T * H)."""
    outputs, h = rnn_forward(x, h0, Wx, Wh, b)
    return outputs.reshape(len(outputs), -1), h


def rnn_forward__wrong_old_state(x, h0, Wx, Wh, b):
    """Stores the state before each step instead of the one after it."""
    outputs, h = rnn_forward(x, h0, Wx, Wh, b)
    return np.concatenate([h0[:, np.newaxis], outputs[:, :-1]], axis=1), h


def rnn_forward__wrong_first_state(x, h0, Wx, Wh, b):
    """Gives the state after the first step as h_T."""
    outputs, _ = rnn_forward(x, h0, Wx, Wh, b)
    return outputs, outputs[:, 0]


def rnn_forward__wrong_mean_state(x, h0, Wx, Wh, b):
    """Gives the mean of the outputs as h_T."""
    outputs, _ = rnn_forward(x, h0, Wx, Wh, b)
    return outputs, outputs.mean(axis=1)


def rnn_forward__wrong_stale_state(x, h0, Wx, Wh, b):
    """Gives the state before the last step as h_T."""
    outputs, _ = rnn_forward(x, h0, Wx, Wh, b)
    return outputs, outputs[:, -2] if x.shape[1] > 1 else h0


def rnn_forward__wrong_one_step_short(x, h0, Wx, Wh, b):
    """Stops the loop one step early, so the last output stays zero."""
    outputs, h = rnn_forward(x[:, :-1], h0, Wx, Wh, b)
    return np.concatenate([outputs, np.zeros((len(h0), 1, h0.shape[1]))], axis=1), h


def rnn_forward__wrong_exchanged(x, h0, Wx, Wh, b):
    """Gives the last state first and the outputs second."""
    return rnn_forward(x, h0, Wx, Wh, b)[::-1]


def rnn_forward__wrong_outputs_only(x, h0, Wx, Wh, b):
    """Gives the outputs and forgets the last state."""
    return rnn_forward(x, h0, Wx, Wh, b)[0]


def rnn_forward__wrong_time_axis_kept(x, h0, Wx, Wh, b):
    """Gives h_T as a series of one step: (B, 1, H)."""
    outputs, _ = rnn_forward(x, h0, Wx, Wh, b)
    return outputs, outputs[:, -1:]


def rnn_forward__wrong_first_input(x, h0, Wx, Wh, b):
    """Reads the first time step again and again."""
    return rnn_forward(np.repeat(x[:, :1], x.shape[1], axis=1), h0, Wx, Wh, b)


def rnn_forward__wrong_writes_into_h0(x, h0, Wx, Wh, b):
    """Keeps the running state in the array h0 itself, so the caller's h0 is lost."""
    outputs, h = rnn_forward(x, h0, Wx, Wh, b)
    h0[:] = h
    return outputs, h


def rnn_forward__wrong_no_bias(x, h0, Wx, Wh, b):
    """Forgets the bias."""
    return rnn_forward(x, h0, Wx, Wh, 0 * b)


def rnn_forward__wrong_float32(x, h0, Wx, Wh, b):
    """Stores the outputs in an array of float32."""
    outputs, h = rnn_forward(x, h0, Wx, Wh, b)
    return outputs.astype("float32"), h


# --------------------------------------------------------------------------------------- lstm_step


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_step(x_t, h, c, K, U, b):
    """One step of an LSTM: both memories from one value of the series and the old memories.

    Args:
        x_t: (B, D) float64, one time step of B series.
        h: (B, H) float64, the short-term memory; c: (B, H) float64, the long-term memory.
            No argument is changed.
        K: (D, 4H), U: (H, 4H), b: (4H,), float64, in blocks of H columns: i, f, candidate, o.
    Returns:
        (h, c) after the step, each (B, H) float64.

    >>> one = np.ones((1, 1))
    >>> h, c = lstm_step(one, 0 * one, 2 * one, np.array([[0.0, 0.0, 0.5, 0.0]]), np.zeros((1, 4)),
    ...                  np.array([math.log(3), -math.log(3), 0.0, 0.0]))
    >>> h.round(4).tolist(), c.round(4).tolist()
    ([[0.3446]], [[0.8466]])
    """
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__right_slices(x_t, h, c, K, U, b):
    """Cuts each block out by hand and writes the sigmoid with tanh."""
    units = h.shape[1]

    def gate(k):
        block = slice(k * units, (k + 1) * units)
        return x_t @ K[:, block] + h @ U[:, block] + b[block]

    i, f, o = (0.5 + 0.5 * np.tanh(gate(k) / 2) for k in (0, 1, 3))
    c_new = f * c + i * np.tanh(gate(2))
    return o * np.tanh(c_new), c_new


def lstm_step__right_loops(x_t, h, c, K, U, b):
    """One neuron after the other, with Python floats."""
    rows, units = h.shape
    h_new, c_new = np.zeros((rows, units)), np.zeros((rows, units))
    for row in range(rows):
        for unit in range(units):
            z = []
            for block in range(4):
                column = block * units + unit
                total = float(b[column])
                total += sum(x_t[row, d] * K[d, column] for d in range(x_t.shape[1]))
                total += sum(h[row, k] * U[k, column] for k in range(units))
                z.append(total)
            i, f, o = (1 / (1 + math.exp(-z[k])) for k in (0, 1, 3))
            c_new[row, unit] = f * c[row, unit] + i * math.tanh(z[2])
            h_new[row, unit] = o * math.tanh(c_new[row, unit])
    return h_new, c_new


def lstm_step__right_reshaped(x_t, h, c, K, U, b):
    """Gives the blocks an axis of their own, and a list back."""
    z = (np.hstack([x_t, h]) @ np.vstack([K, U]) + b).reshape(len(h), 4, -1)
    gates = 1 / (1 + np.exp(-z[:, [0, 1, 3]]))
    c = gates[:, 1] * c + gates[:, 0] * np.tanh(z[:, 2])
    return [gates[:, 2] * np.tanh(c), c]


def lstm_step__right_keras_cell(x_t, h, c, K, U, b):
    """Lets the cell of Keras compute, in float64."""
    import keras

    cell = keras.layers.LSTMCell(h.shape[1], dtype="float64")
    cell.build(x_t.shape)
    cell.set_weights([K, U, b])
    _, (h, c) = cell(x_t, [h, c])
    return h, c


def _lstm_ordered(x_t, h, c, K, U, b, order):
    """An LSTM step whose four blocks stand in this order, such as "fico"."""
    blocks = np.split(x_t @ K + h @ U + b, 4, axis=1)
    i, f, g, o = (blocks[order.index(name)] for name in "ifco")
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


@dataclass
class _Gates:
    """The weights of the four blocks."""

    K: np.ndarray
    U: np.ndarray
    b: np.ndarray

    def of(self, x_t, h):
        """The sums of i, f, candidate and o."""
        return np.hsplit(np.c_[x_t, h] @ np.r_[self.K, self.U] + self.b, 4)


def lstm_step__right_dataclass(x_t, h, c, K, U, b):
    """A dataclass holds the weights; input and state stand side by side; the sigmoid is a lambda."""
    gate = lambda z: np.exp(-np.logaddexp(0.0, -z))  # noqa: E731
    i, f, candidate, o = _Gates(K, U, b).of(x_t, h)
    c_new = gate(f) * c + gate(i) * np.tanh(candidate)
    return gate(o) * np.tanh(c_new), c_new


def lstm_step__wrong_order_ifoc(x_t, h, c, K, U, b):
    """Reads the blocks as i, f, o, candidate."""
    return _lstm_ordered(x_t, h, c, K, U, b, "ifoc")


def lstm_step__wrong_order_fico(x_t, h, c, K, U, b):
    """Reads the blocks as f, i, candidate, o: the forget gate first, as many books write it."""
    return _lstm_ordered(x_t, h, c, K, U, b, "fico")


def lstm_step__wrong_order_icfo(x_t, h, c, K, U, b):
    """Reads the blocks as i, candidate, f, o."""
    return _lstm_ordered(x_t, h, c, K, U, b, "icfo")


def lstm_step__wrong_order_fioc(x_t, h, c, K, U, b):
    """Reads the blocks as f, i, o, candidate."""
    return _lstm_ordered(x_t, h, c, K, U, b, "fioc")


def lstm_step__wrong_order_cifo(x_t, h, c, K, U, b):
    """Reads the blocks as candidate, i, f, o."""
    return _lstm_ordered(x_t, h, c, K, U, b, "cifo")


def lstm_step__wrong_interleaved(x_t, h, c, K, U, b):
    """Takes every fourth column for a gate, although each gate has a block of H columns."""
    z = x_t @ K + h @ U + b
    i, f, g, o = (z[:, k::4] for k in range(4))
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__wrong_exchanged(x_t, h, c, K, U, b):
    """Gives c first and h second."""
    return lstm_step(x_t, h, c, K, U, b)[::-1]


def lstm_step__wrong_arguments_exchanged(x_t, h, c, K, U, b):
    """Takes the long-term memory for the short-term one from the beginning."""
    return lstm_step(x_t, c, h, K, U, b)


def lstm_step__wrong_h_only(x_t, h, c, K, U, b):
    """Gives h alone and loses the long-term memory."""
    return lstm_step(x_t, h, c, K, U, b)[0]


def lstm_step__wrong_three(x_t, h, c, K, U, b):
    """Gives output, h and c: three values, as a Keras layer does."""
    h, c = lstm_step(x_t, h, c, K, U, b)
    return h, h, c


def lstm_step__wrong_h_ignored(x_t, h, c, K, U, b):
    """Never reads h: the gates see the input only."""
    return lstm_step(x_t, 0 * h, c, K, U, b)


def lstm_step__wrong_c_ignored(x_t, h, c, K, U, b):
    """Never reads the old c: the long-term memory is empty at each step."""
    return lstm_step(x_t, h, 0 * c, K, U, b)


def lstm_step__wrong_x_ignored(x_t, h, c, K, U, b):
    """Never reads the input."""
    return lstm_step(0 * x_t, h, c, K, U, b)


def lstm_step__wrong_no_tanh_of_c(x_t, h, c, K, U, b):
    """Computes h = o · c without tanh, so h is not bounded."""
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * c, c


def lstm_step__wrong_h_from_old_c(x_t, h, c, K, U, b):
    """Computes h from the c before the step."""
    _, _, _, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    return _sigmoid(o) * np.tanh(c), lstm_step(x_t, h, c, K, U, b)[1]


def lstm_step__wrong_coupled(x_t, h, c, K, U, b):
    """Couples the gates: f = 1 - i, so the forget block is never read."""
    i, _, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = (1 - _sigmoid(i)) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__wrong_forget_inverted(x_t, h, c, K, U, b):
    """Believes that f = 1 forgets: multiplies c by 1 - f."""
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = (1 - _sigmoid(f)) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__wrong_no_input_gate(x_t, h, c, K, U, b):
    """Adds the candidate whole, without the input gate."""
    _, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = _sigmoid(f) * c + np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__wrong_no_output_gate(x_t, h, c, K, U, b):
    """Computes h = tanh(c) without the output gate."""
    _, c = lstm_step(x_t, h, c, K, U, b)
    return np.tanh(c), c


def lstm_step__wrong_relu_gates(x_t, h, c, K, U, b):
    """Takes relu for the gates, which does not stay between 0 and 1."""
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = np.maximum(f, 0) * c + np.maximum(i, 0) * np.tanh(g)
    return np.maximum(o, 0) * np.tanh(c), c


def lstm_step__wrong_hard_sigmoid(x_t, h, c, K, U, b):
    """Takes the hard sigmoid for the gates, as old versions of Keras did."""
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    i, f, o = (np.clip(0.2 * z + 0.5, 0, 1) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def lstm_step__wrong_tanh_gates(x_t, h, c, K, U, b):
    """Takes tanh for the gates too, so a gate can be negative."""
    i, f, g, o = np.tanh(np.split(x_t @ K + h @ U + b, 4, axis=1))
    c = f * c + i * g
    return o * np.tanh(c), c


def lstm_step__wrong_sigmoid_candidate(x_t, h, c, K, U, b):
    """Takes the sigmoid for the candidate too, so nothing is ever subtracted from c."""
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = _sigmoid(f) * c + _sigmoid(i) * _sigmoid(g)
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__wrong_averaged(x_t, h, c, K, U, b):
    """Takes the mean of what is kept and what is added."""
    i, f, g, o = np.split(x_t @ K + h @ U + b, 4, axis=1)
    c = (_sigmoid(f) * c + _sigmoid(i) * np.tanh(g)) / 2
    return _sigmoid(o) * np.tanh(c), c


def lstm_step__wrong_no_bias(x_t, h, c, K, U, b):
    """Forgets the bias."""
    return lstm_step(x_t, h, c, K, U, 0 * b)


def lstm_step__wrong_bias_twice(x_t, h, c, K, U, b):
    """Adds the bias to both products, so it counts twice."""
    return lstm_step(x_t, h, c, K, U, 2 * b)


def lstm_step__wrong_forget_bias_again(x_t, h, c, K, U, b):
    """Adds 1 to the forget gate at each step, although Keras starts the bias itself at 1."""
    b = b.copy()
    b[len(b) // 4 : len(b) // 2] += 1
    return lstm_step(x_t, h, c, K, U, b)


def lstm_step__wrong_writes_into_c(x_t, h, c, K, U, b):
    """Works with c *= f, which changes the caller's array."""
    h, new = lstm_step(x_t, h, c, K, U, b)
    c[:] = new
    return h, c


def lstm_step__wrong_float32(x_t, h, c, K, U, b):
    """Computes in float32, which keeps seven digits only."""
    return lstm_step(*(np.asarray(a, "float32") for a in (x_t, h, c, K, U, b)))


# ------------------------------------------------------------------------------------ lstm_forward


def _lstm(x_t, h, c, K, U, b):
    """The step of the loops below: an answer to one exercise must not define the function of another."""
    return _lstm_ordered(x_t, h, c, K, U, b, "ifco")


def lstm_forward(x, h0, c0, K, U, b, mask=None):
    """An LSTM along the whole series, which jumps over the steps that a mask leaves out.

    Args:
        x: (B, T, D) float64, B series of T time steps.
        h0, c0: (B, H) float64, both memories before the first step; no argument is changed.
        K: (D, 4H), U: (H, 4H), b: (4H,), float64, in blocks of H columns: i, f, candidate, o.
        mask: None, or (B, T) of bools or of 0 and 1; where it is False (0), h and c are copied from the
            step before, and the output of that step is the copied h.
    Returns:
        outputs (B, T, H) float64, the h of each step; h_T (B, H) and c_T (B, H) after the last step.

    >>> one = np.ones((1, 1))
    >>> x = np.array([[[1.0], [1.0], [5.0]]])
    >>> weights = np.array([[0.0, 0.0, 1.0, 0.0]]), np.zeros((1, 4)), np.array([50.0, 50.0, 0.0, 50.0])
    >>> outputs, h_T, c_T = lstm_forward(x, 0 * one, 0 * one, *weights, mask=np.array([[1, 1, 0]]))
    >>> outputs.round(4).tolist(), h_T.round(4).tolist(), c_T.round(4).tolist()
    ([[[0.642], [0.9093], [0.9093]]], [[0.9093]], [[1.5232]])
    """
    h, c = h0, c0
    outputs = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    for t in range(x.shape[1]):
        h_new, c_new = _lstm(x[:, t], h, c, K, U, b)
        if mask is not None:
            real = np.asarray(mask)[:, t, np.newaxis].astype(bool)
            h_new, c_new = np.where(real, h_new, h), np.where(real, c_new, c)
        h, c = h_new, c_new
        outputs[:, t] = h
    return outputs, h, c


def lstm_forward__right_arithmetic_mask(x, h0, c0, K, U, b, mask=None):
    """Mixes new and old state with the mask as a number, and stacks a list."""
    units = h0.shape[1]
    keep = np.ones(x.shape[:2]) if mask is None else np.array(mask, dtype="float64")
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        z = x[:, t] @ K + h @ U + b
        i, f, o = (1 / (1 + np.exp(-z[:, k * units : (k + 1) * units])) for k in (0, 1, 3))
        new_c = f * c + i * np.tanh(z[:, 2 * units : 3 * units])
        new_h = o * np.tanh(new_c)
        m = keep[:, t : t + 1]
        h, c = m * new_h + (1 - m) * h, m * new_c + (1 - m) * c
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__right_rows_that_are_real(x, h0, c0, K, U, b, mask=None):
    """Computes only the rows whose step is real, in arrays of its own."""
    rows, steps, _ = x.shape
    if mask is None:
        mask = np.ones((rows, steps), dtype=bool)
    h, c = h0.copy(), c0.copy()
    outputs = np.empty((rows, steps, h0.shape[1]))
    for t in range(steps):
        real = np.flatnonzero(mask[:, t])
        i, f, g, o = np.hsplit(x[real, t] @ K + h[real] @ U + b, 4)
        c[real] = c[real] / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h[real] = np.tanh(c[real]) / (1 + np.exp(-o))
        outputs[:, t] = h
    return [outputs, h, c]


def lstm_forward__right_series_by_series(x, h0, c0, K, U, b, mask=None):
    """One series after the other; a step that is not real is skipped with `continue`."""
    outputs, last_h, last_c = [], [], []
    for row, series in enumerate(x):
        h, c, states = h0[row], c0[row], []
        for t, x_t in enumerate(series):
            if mask is not None and not mask[row, t]:
                states.append(h)
                continue
            i, f, g, o = np.split(x_t @ K + h @ U + b, 4)
            c = 0.5 * (1 + np.tanh(f / 2)) * c + 0.5 * (1 + np.tanh(i / 2)) * np.tanh(g)
            h = 0.5 * (1 + np.tanh(o / 2)) * np.tanh(c)
            states.append(h)
        outputs.append(states)
        last_h.append(h)
        last_c.append(c)
    return np.array(outputs), np.array(last_h), np.array(last_c)


def lstm_forward__right_recursive(x, h0, c0, K, U, b, mask=None):
    """The first step, then the same on the rest of the series and of the mask."""

    def rest(x, h, c, real):
        if not x.shape[1]:
            return [], h, c
        h_new, c_new = lstm_step(x[:, 0], h, c, K, U, b)
        h, c = np.where(real[:, :1], h_new, h), np.where(real[:, :1], c_new, c)
        outputs, h_end, c_end = rest(x[:, 1:], h, c, real[:, 1:])
        return [h, *outputs], h_end, c_end

    real = np.ones(x.shape[:2], bool) if mask is None else np.asarray(mask, dtype=bool)
    outputs, h, c = rest(x, h0, c0, real)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_h0_ignored(x, h0, c0, K, U, b, mask=None):
    """Starts from h = 0 instead of h0."""
    return lstm_forward(x, 0 * h0, c0, K, U, b, mask)


def lstm_forward__wrong_c0_ignored(x, h0, c0, K, U, b, mask=None):
    """Starts from c = 0 instead of c0."""
    return lstm_forward(x, h0, 0 * c0, K, U, b, mask)


def lstm_forward__wrong_both_ignored(x, h0, c0, K, U, b, mask=None):
    """Starts from zeros instead of h0 and c0."""
    return lstm_forward(x, 0 * h0, 0 * c0, K, U, b, mask)


def lstm_forward__wrong_start_exchanged(x, h0, c0, K, U, b, mask=None):
    """Takes h0 for c0 and c0 for h0."""
    return lstm_forward(x, c0, h0, K, U, b, mask)


def lstm_forward__wrong_exchanged(x, h0, c0, K, U, b, mask=None):
    """Gives outputs, c_T, h_T: the two memories are exchanged."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return outputs, c, h


def lstm_forward__wrong_outputs_last(x, h0, c0, K, U, b, mask=None):
    """Gives h_T, c_T, outputs: the series comes last."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return h, c, outputs


def lstm_forward__wrong_two_values(x, h0, c0, K, U, b, mask=None):
    """Gives outputs and h_T, and loses the long-term memory."""
    return lstm_forward(x, h0, c0, K, U, b, mask)[:2]


def lstm_forward__wrong_c_not_carried(x, h0, c0, K, U, b, mask=None):
    """Starts every step from c0, so only h is carried along."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        new = _lstm(x[:, t], h, c0, K, U, b)
        real = True if mask is None else np.asarray(mask)[:, t, np.newaxis].astype(bool)
        h, c = np.where(real, new[0], h), np.where(real, new[1], c)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_not_chained(x, h0, c0, K, U, b, mask=None):
    """Starts every step from h0 and c0, so nothing is carried along."""
    steps = [
        lstm_forward(x[:, [t]], h0, c0, K, U, b, mask if mask is None else mask[:, [t]])
        for t in range(x.shape[1])
    ]
    return np.concatenate([step[0] for step in steps], axis=1), steps[-1][1], steps[-1][2]


def lstm_forward__wrong_outputs_of_c(x, h0, c0, K, U, b, mask=None):
    """Stores c at each step: the outputs are the long-term memory."""
    c, outputs = c0, []
    h = h0
    for t in range(x.shape[1]):
        _, h, c = lstm_forward(x[:, [t]], h, c, K, U, b, mask if mask is None else mask[:, [t]])
        outputs.append(c)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_old_state(x, h0, c0, K, U, b, mask=None):
    """Stores the h before each step instead of the one after it."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return np.concatenate([h0[:, np.newaxis], outputs[:, :-1]], axis=1), h, c


def lstm_forward__wrong_last_repeated(x, h0, c0, K, U, b, mask=None):
    """Gives T times the last h instead of the h of each step."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return np.repeat(h[:, np.newaxis], outputs.shape[1], axis=1), h, c


def lstm_forward__wrong_vector(x, h0, c0, K, U, b, mask=None):
    """Gives the last h where the whole series is asked."""
    _, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return h, h, c


def lstm_forward__wrong_reversed(x, h0, c0, K, U, b, mask=None):
    """Reads the series from its end."""
    return lstm_forward(x[:, ::-1], h0, c0, K, U, b, mask if mask is None else mask[:, ::-1])


def lstm_forward__wrong_time_major(x, h0, c0, K, U, b, mask=None):
    """Stacks along axis 0, which gives (time, batch, units)."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return outputs.transpose(1, 0, 2), h, c


def lstm_forward__wrong_order_fico(x, h0, c0, K, U, b, mask=None):
    """Reads the blocks as f, i, candidate, o."""

    def exchanged(w):
        i, f, g, o = np.split(w, 4, axis=-1)
        return np.concatenate([f, i, g, o], axis=-1)

    return lstm_forward(x, h0, c0, exchanged(K), exchanged(U), exchanged(b), mask)


def lstm_forward__wrong_no_tanh_of_c(x, h0, c0, K, U, b, mask=None):
    """Computes h = o · c without tanh, so h is not bounded."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ K + h @ U + b, 4, axis=1)
        new_c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        real = True if mask is None else np.asarray(mask)[:, t, np.newaxis].astype(bool)
        h, c = np.where(real, _sigmoid(o) * new_c, h), np.where(real, new_c, c)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_writes_into_states(x, h0, c0, K, U, b, mask=None):
    """Keeps the running memories in h0 and c0 themselves, so the caller's are lost."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    h0[:], c0[:] = h, c
    return outputs, h, c


def lstm_forward__wrong_float32(x, h0, c0, K, U, b, mask=None):
    """Stores the outputs in an array of float32."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return outputs.astype("float32"), h, c


def lstm_forward__wrong_mask_ignored(x, h0, c0, K, U, b, mask=None):  # noqa: ARG001 - that is the mistake
    """Takes a mask and never reads it."""
    return lstm_forward(x, h0, c0, K, U, b)


def lstm_forward__wrong_mask_inverted(x, h0, c0, K, U, b, mask=None):
    """Copies the state where the mask is True."""
    return lstm_forward(x, h0, c0, K, U, b, mask if mask is None else ~np.asarray(mask, dtype=bool))


def lstm_forward__wrong_mask_zeroes_inputs(x, h0, c0, K, U, b, mask=None):
    """Sets masked inputs to zero, but lets the cell run on."""
    return lstm_forward(x if mask is None else x * mask[:, :, np.newaxis], h0, c0, K, U, b)


def lstm_forward__wrong_mask_zeroes_outputs(x, h0, c0, K, U, b, mask=None):
    """Gives 0 as the output of a masked step, where the copied h is asked."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    return outputs if mask is None else outputs * mask[:, :, np.newaxis], h, c


def lstm_forward__wrong_mask_clears_states(x, h0, c0, K, U, b, mask=None):
    """Multiplies h and c by the mask, so a masked step empties both memories."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        h, c = _lstm(x[:, t], h, c, K, U, b)
        if mask is not None:
            h, c = h * mask[:, [t]], c * mask[:, [t]]
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_mask_keeps_h_only(x, h0, c0, K, U, b, mask=None):
    """Copies h on a masked step but lets c go on."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        new_h, c = _lstm(x[:, t], h, c, K, U, b)
        h = new_h if mask is None else np.where(np.asarray(mask)[:, [t]] != 0, new_h, h)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_mask_keeps_c_only(x, h0, c0, K, U, b, mask=None):
    """Copies c on a masked step but lets h go on."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        h, new_c = _lstm(x[:, t], h, c, K, U, b)
        c = new_c if mask is None else np.where(np.asarray(mask)[:, [t]] != 0, new_c, c)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_mask_outputs_run_on(x, h0, c0, K, U, b, mask=None):
    """Copies both memories, but gives the h that the masked step would have had as its output."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        new_h, new_c = _lstm(x[:, t], h, c, K, U, b)
        outputs.append(new_h)
        real = True if mask is None else np.asarray(mask)[:, [t]] != 0
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_mask_stops(x, h0, c0, K, U, b, mask=None):
    """Stops a series at its first masked step, although real steps may follow."""
    if mask is not None:
        mask = np.cumprod(np.asarray(mask, dtype=int), axis=1)
    return lstm_forward(x, h0, c0, K, U, b, mask)


def lstm_forward__wrong_mask_of_first_row(x, h0, c0, K, U, b, mask=None):
    """Takes the mask of the first series for all of them."""
    if mask is not None:
        mask = np.broadcast_to(np.asarray(mask)[:1], np.shape(mask))
    return lstm_forward(x, h0, c0, K, U, b, mask)


def lstm_forward__wrong_mask_bools_only(x, h0, c0, K, U, b, mask=None):
    """Turns the mask round with ~, which makes -1 and -2 of the numbers 0 and 1."""
    if mask is not None:
        mask = ~(~np.asarray(mask) != 0) if np.asarray(mask).dtype != bool else mask
    return lstm_forward(x, h0, c0, K, U, b, mask)


def lstm_forward__wrong_mask_if(x, h0, c0, K, U, b, mask=None):
    """Asks `if mask[:, t]` of a whole batch, which has no answer."""
    h, c, outputs = h0, c0, []
    for t in range(x.shape[1]):
        if mask is None or mask[:, t]:
            h, c = _lstm(x[:, t], h, c, K, U, b)
        outputs.append(h)
    return np.stack(outputs, axis=1), h, c


def lstm_forward__wrong_mask_drops_steps(x, h0, c0, K, U, b, mask=None):
    """Leaves masked steps out of the outputs, as if all series were masked alike."""
    outputs, h, c = lstm_forward(x, h0, c0, K, U, b, mask)
    if mask is not None:
        outputs = outputs[:, np.asarray(mask, dtype=bool).all(axis=0)]
    return outputs, h, c


# ---------------------------------------------------------------------------------------- gru_step


def gru_step(x_t, h, K, U, b):
    """One step of a GRU.

    Args:
        x_t: (B, D) float64, one time step of B series.
        h: (B, H) float64, the state before the step; no argument is changed.
        K: (D, 3H), U: (H, 3H), b: (2, 3H), float64, in blocks of H columns: z, r, candidate; b[0] is
            added to the product with K and b[1] to the product with U.
    Returns:
        The state after the step, z * h + (1 - z) * candidate: (B, H) float64, where the candidate is
        tanh(x part + r * h part): the reset gate comes after the product.

    >>> K, U = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0]])
    >>> b = np.array([[math.log(3), 0.0, 0.0], [0.0, 0.0, 0.2]])
    >>> gru_step(np.array([[0.5]]), np.array([[0.8]]), K, U, b).round(4)
    array([[0.7904]])
    """
    x_z, x_r, x_h = np.split(x_t @ K + b[0], 3, axis=1)
    h_z, h_r, h_h = np.split(h @ U + b[1], 3, axis=1)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * np.tanh(x_h + r * h_h)


def gru_step__right_slices(x_t, h, K, U, b):
    """Cuts the weights instead of the products, and moves from the candidate towards h."""
    n = h.shape[1]
    update = 1 / (1 + np.exp(-(x_t @ K[:, :n] + b[0, :n] + h @ U[:, :n] + b[1, :n])))
    reset = 1 / (1 + np.exp(-(x_t @ K[:, n : 2 * n] + h @ U[:, n : 2 * n] + (b[0] + b[1])[n : 2 * n])))
    candidate = np.tanh(x_t @ K[:, 2 * n :] + b[0, 2 * n :] + reset * (h @ U[:, 2 * n :] + b[1, 2 * n :]))
    return candidate + update * (h - candidate)


def gru_step__right_loops(x_t, h, K, U, b):
    """One neuron after the other, with Python floats."""
    rows, units = h.shape
    result = []
    for row in range(rows):
        new = []
        for unit in range(units):
            parts = []
            for column in (unit, unit + units, unit + 2 * units):
                from_x = b[0][column] + sum(x_t[row, d] * K[d, column] for d in range(len(K)))
                from_h = b[1][column] + sum(h[row, k] * U[k, column] for k in range(units))
                parts.append((from_x, from_h))
            z, r = (1 / (1 + math.exp(-from_x - from_h)) for from_x, from_h in parts[:2])
            new.append(z * h[row, unit] + (1 - z) * math.tanh(parts[2][0] + r * parts[2][1]))
        result.append(new)
    return np.array(result)


def gru_step__right_reshaped(x_t, h, K, U, b):
    """Gives the blocks an axis of their own."""
    of_x = (x_t @ K + b[0]).reshape(len(h), 3, -1)
    of_h = (np.dot(h, U) + b[1]).reshape(len(h), 3, -1)
    gates = 0.5 + 0.5 * np.tanh((of_x + of_h)[:, :2] / 2)
    candidate = np.tanh(of_x[:, 2] + gates[:, 1] * of_h[:, 2])
    return gates[:, 0] * h + candidate - gates[:, 0] * candidate


def gru_step__right_keras_cell(x_t, h, K, U, b):
    """Lets the cell of Keras compute, in float64."""
    import keras

    cell = keras.layers.GRUCell(h.shape[1], dtype="float64")
    cell.build(x_t.shape)
    cell.set_weights([K, U, b])
    return cell(x_t, [h])[0]


def _gru_parts(x_t, h, K, U, b):
    return (*np.split(x_t @ K + b[0], 3, axis=1), *np.split(h @ U + b[1], 3, axis=1))


def gru_step__wrong_coursera(x_t, h, K, U, b):
    """Has the update gate the other way round: z = 1 replaces the past instead of keeping it."""
    x_z, x_r, x_h, h_z, h_r, h_h = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return (1 - z) * h + z * np.tanh(x_h + r * h_h)


def gru_step__wrong_reset_before(x_t, h, K, U, b):
    """Multiplies h by the reset gate before the product with U instead of after it."""
    n = h.shape[1]
    x_z, x_r, x_h, h_z, h_r, _ = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * np.tanh(x_h + (r * h) @ U[:, 2 * n :] + b[1, 2 * n :])


def _gru_ordered(x_t, h, K, U, b, order):
    """A GRU step whose three blocks stand in this order, such as "rzh"."""
    columns = np.split(np.arange(3 * h.shape[1]), 3)
    take = np.concatenate([columns[order.index(name)] for name in "zrh"])
    return gru_step(x_t, h, K[:, take], U[:, take], b[:, take])


def gru_step__wrong_order_rzh(x_t, h, K, U, b):
    """Reads the blocks as r, z, candidate, which is PyTorch's order."""
    return _gru_ordered(x_t, h, K, U, b, "rzh")


def gru_step__wrong_order_zhr(x_t, h, K, U, b):
    """Reads the blocks as z, candidate, r."""
    return _gru_ordered(x_t, h, K, U, b, "zhr")


def gru_step__wrong_order_hzr(x_t, h, K, U, b):
    """Reads the blocks as candidate, z, r."""
    return _gru_ordered(x_t, h, K, U, b, "hzr")


def gru_step__wrong_recurrent_bias_forgotten(x_t, h, K, U, b):
    """Adds b[0] only and forgets the recurrent bias b[1]."""
    return gru_step(x_t, h, K, U, np.stack([b[0], 0 * b[1]]))


def gru_step__wrong_input_bias_forgotten(x_t, h, K, U, b):
    """Adds b[1] only and forgets the input bias b[0]."""
    return gru_step(x_t, h, K, U, np.stack([0 * b[0], b[1]]))


def gru_step__wrong_biases_summed(x_t, h, K, U, b):
    """Adds b[0] + b[1] to the input part, so the reset gate does not touch the recurrent bias."""
    return gru_step(x_t, h, K, U, np.stack([b[0] + b[1], 0 * b[1]]))


def gru_step__wrong_biases_exchanged(x_t, h, K, U, b):
    """Adds b[1] to the input part and b[0] to the recurrent part."""
    return gru_step(x_t, h, K, U, b[::-1])


def gru_step__wrong_bias_twice(x_t, h, K, U, b):
    """Adds both biases to both parts, so each counts twice."""
    return gru_step(x_t, h, K, U, np.stack([b[0] + b[1], b[0] + b[1]]))


def gru_step__wrong_bias_as_rows(x_t, h, K, U, b):
    """Adds the array b as it is, so its two rows go to the first and the second series of the batch."""
    x_z, x_r, x_h = np.split(x_t @ K + b, 3, axis=1)
    h_z, h_r, h_h = np.split(h @ U, 3, axis=1)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * np.tanh(x_h + r * h_h)


def gru_step__wrong_no_reset(x_t, h, K, U, b):
    """Computes the candidate without the reset gate."""
    x_z, _, x_h, h_z, _, h_h = _gru_parts(x_t, h, K, U, b)
    z = _sigmoid(x_z + h_z)
    return z * h + (1 - z) * np.tanh(x_h + h_h)


def gru_step__wrong_reset_all(x_t, h, K, U, b):
    """Multiplies the whole candidate by the reset gate, its input part included."""
    x_z, x_r, x_h, h_z, h_r, h_h = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * np.tanh(r * (x_h + h_h))


def gru_step__wrong_reset_spares_bias(x_t, h, K, U, b):
    """Applies the reset gate to the product with U but not to the recurrent bias."""
    n = h.shape[1]
    x_z, x_r, x_h, h_z, h_r, _ = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * np.tanh(x_h + r * (h @ U[:, 2 * n :]) + b[1, 2 * n :])


def gru_step__wrong_past_whole(x_t, h, K, U, b):
    """Adds the candidate to the whole past: h + (1 - z) · candidate."""
    x_z, x_r, x_h, h_z, h_r, h_h = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return h + (1 - z) * np.tanh(x_h + r * h_h)


def gru_step__wrong_no_tanh(x_t, h, K, U, b):
    """Forgets tanh in the candidate."""
    x_z, x_r, x_h, h_z, h_r, h_h = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * (x_h + r * h_h)


def gru_step__wrong_sigmoid_candidate(x_t, h, K, U, b):
    """Takes the sigmoid for the candidate too."""
    x_z, x_r, x_h, h_z, h_r, h_h = _gru_parts(x_t, h, K, U, b)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * _sigmoid(x_h + r * h_h)


def gru_step__wrong_h_ignored(x_t, h, K, U, b):
    """Never reads the old state."""
    return gru_step(x_t, 0 * h, K, U, b)


def gru_step__wrong_pair(x_t, h, K, U, b):
    """Gives two states, as an LSTM does; a GRU has one."""
    h = gru_step(x_t, h, K, U, b)
    return h, h


def gru_step__wrong_interleaved(x_t, h, K, U, b):
    """Takes every third column for a gate, although each gate has a block of H columns."""
    take = np.concatenate([np.arange(k, 3 * h.shape[1], 3) for k in range(3)])
    return gru_step(x_t, h, K[:, take], U[:, take], b[:, take])


def gru_step__wrong_writes_into_h(x_t, h, K, U, b):
    """Works with h *= z, which changes the caller's array."""
    h[:] = gru_step(x_t, h, K, U, b)
    return h


def gru_step__wrong_float32(x_t, h, K, U, b):
    """Computes in float32, which keeps seven digits only."""
    return gru_step(*(np.asarray(a, "float32") for a in (x_t, h, K, U, b)))


# ------------------------------------------------------------------------------------- my_property


def my_property(lstm):
    """Says whether `lstm` behaves as every right LSTM does.

    Args:
        lstm: a function, lstm(x, h0, c0, K, U, b) -> (outputs, h_T, c_T), with the arguments and results of
            `lstm_forward` without its mask.  The function under test, which may be wrong.
    Returns:
        True when the property holds, False when it does not: a bool.  Only NumPy and `lstm` itself are
        used, none of the notebook's own functions.

    >>> my_property(lstm_forward)
    True
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 6, 3))
    h0, c0 = rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    K, U, b = rng.normal(size=(3, 16)), rng.normal(size=(4, 16)), rng.normal(size=16)

    outputs, h, c = lstm(x, h0, c0, K, U, b)
    first, h_middle, c_middle = lstm(x[:, :2], h0, c0, K, U, b)
    second, h_end, c_end = lstm(x[:, 2:], h_middle, c_middle, K, U, b)
    chunks = np.allclose(np.concatenate([first, second], axis=1), outputs)
    chunks = chunks and np.allclose(h_end, h) and np.allclose(c_end, c)

    bounded = np.all(np.abs(lstm(x, h0, 100 * c0, K, U, b)[0]) <= 1)

    open_gate = np.repeat([-50.0, 50.0, 0.0, 0.0], 4)
    kept = np.allclose(lstm(x, h0, c0, 0 * K, 0 * U, open_gate)[2], c0)
    return bool(chunks and bounded and kept)


def my_property__right_chunks_only(lstm):
    """One property, the series in two pieces, with random sizes; gives a NumPy bool."""
    rng = np.random.default_rng()
    B, T, D, H = rng.integers(2, 6, size=4)
    x = rng.standard_normal((B, T, D))
    start = rng.standard_normal((2, B, H))
    weights = [rng.standard_normal(shape) for shape in ((D, 4 * H), (H, 4 * H), 4 * H)]
    whole, *last = lstm(x, *start, *weights)
    state, pieces = start, []
    for t in range(T):
        piece, *state = lstm(x[:, [t]], *state, *weights)
        pieces.append(piece)
    same = np.allclose(np.hstack(pieces), whole, atol=1e-12)
    return same & np.allclose(last[0], state[0]) & np.allclose(last[1], state[1])


def my_property__right_formula(lstm):
    """Computes one step by the formula, on numbers chosen by hand."""

    def gate(z):
        return 1 / (1 + np.exp(-z))

    x, h0, c0 = np.array([[[0.3], [-0.7]]]), np.array([[0.4]]), np.array([[1.5]])
    K, U, b = (
        np.array([[0.5, -1.0, 0.8, 0.2]]),
        np.array([[0.1, 0.9, -0.4, 1.0]]),
        np.array([0.2, 0.1, 0.3, -0.5]),
    )
    h, c, expected = h0, c0, []
    for t in range(2):
        z = x[:, t] @ K + h @ U + b
        c = gate(z[:, 1:2]) * c + gate(z[:, 0:1]) * np.tanh(z[:, 2:3])
        h = gate(z[:, 3:4]) * np.tanh(c)
        expected.append(h)
    outputs, h_T, c_T = lstm(x, h0, c0, K, U, b)
    if not np.allclose(outputs, np.stack(expected, axis=1)):
        return False
    return bool(np.allclose(h_T, h) and np.allclose(c_T, c))


def my_property__right_small_ones(lstm):
    """Several small properties: starting states matter, the last output is h_T, |h| stays within 1."""
    rng = np.random.default_rng(7)
    x, h0, c0 = rng.normal(size=(1, 3, 2)), rng.normal(size=(1, 2)), rng.normal(size=(1, 2))
    K, U, b = rng.normal(size=(2, 8)), rng.normal(size=(2, 8)), np.ones(8)
    outputs, h, _ = lstm(x, h0, c0, K, U, b)
    if not np.array_equal(outputs[:, -1], h):
        return False
    if np.allclose(lstm(x, h0 + 1, c0, K, U, b)[0], outputs):
        return False
    if np.allclose(lstm(x, h0, c0 + 1, K, U, b)[0], outputs):
        return False
    far = lstm(x, h0, np.full((1, 2), 30.0), K, U, 0 * b)[0]
    return bool(np.abs(far).max() <= 1)


def my_property__wrong_always_true(lstm):  # noqa: ARG001 - that is the mistake
    """Says yes to everything."""
    return True


def my_property__wrong_always_false(lstm):  # noqa: ARG001 - that is the mistake
    """Says no to everything, the right LSTM included."""
    return False


def my_property__wrong_shapes_only(lstm):
    """Looks at shapes only, which every broken LSTM has right."""
    outputs, h, c = lstm(
        np.ones((2, 3, 1)), np.zeros((2, 2)), np.zeros((2, 2)), np.ones((1, 8)), np.ones((2, 8)), np.ones(8)
    )
    return outputs.shape == (2, 3, 2) and h.shape == c.shape == (2, 2)


def my_property__wrong_zero_states(lstm):
    """Starts from zeros, where a forgotten h0 or c0 cannot be seen."""
    rng = np.random.default_rng(0)
    x, zero = rng.normal(size=(2, 4, 3)), np.zeros((2, 2))
    outputs, h, _ = lstm(x, zero, zero, rng.normal(size=(3, 8)), rng.normal(size=(2, 8)), rng.normal(size=8))
    return bool(np.allclose(outputs[:, -1], h))


def my_property__wrong_too_strict(lstm):
    """Asks that c stays within 1 too, which a right LSTM need not do."""
    x, zero = np.ones((1, 20, 1)), np.zeros((1, 1))
    weights = np.array([[0.0, 0.0, 5.0, 0.0]]), np.zeros((1, 4)), np.array([5.0, 5.0, 0.0, 5.0])
    outputs, _, c = lstm(x, zero, zero, *weights)
    return bool(np.abs(outputs).max() <= 1 and np.abs(c).max() <= 1)


def my_property__wrong_compares_with_own(lstm):
    """Compares with the notebook's own lstm_forward, which raises while the property is judged."""
    rng = np.random.default_rng(0)
    x, h0, c0 = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
    weights = rng.normal(size=(3, 8)), rng.normal(size=(2, 8)), rng.normal(size=8)
    own = globals()["lstm_forward"]  # the notebook's: by its name alone, so that it is not carried along
    return bool(np.allclose(lstm(x, h0, c0, *weights)[0], own(x, h0, c0, *weights)[0]))


_CALLS = []


def my_property__wrong_counts_calls(lstm):  # noqa: ARG001 - that is the mistake
    """Counts how often it was asked instead of looking at the function."""
    _CALLS.append(1)
    return len(_CALLS) == 1


def my_property__wrong_asserts(lstm):
    """Stops with an assertion where False is asked."""
    rng = np.random.default_rng(0)
    x, h0, c0 = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
    weights = rng.normal(size=(3, 8)), rng.normal(size=(2, 8)), rng.normal(size=8)
    _, h, c = lstm(x, h0, c0, *weights)
    _, h_middle, c_middle = lstm(x[:, :2], h0, c0, *weights)
    _, h_end, c_end = lstm(x[:, 2:], h_middle, c_middle, *weights)
    assert np.allclose(h_end, h)
    assert np.allclose(c_end, c)
    return True


def my_property__wrong_nothing_returned(lstm):
    """Prints what it found and returns nothing."""
    zero = np.zeros((1, 1))
    outputs, h, _ = lstm(np.ones((1, 2, 1)), zero, zero, np.ones((1, 4)), np.ones((1, 4)), np.ones(4))
    print(np.allclose(outputs[:, -1], h))


def my_property__wrong_array(lstm):
    """Gives a bool for each value instead of a single one."""
    rng = np.random.default_rng(0)
    x, h0, c0 = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 2)), rng.normal(size=(2, 2))
    return (
        np.abs(lstm(x, h0, c0, rng.normal(size=(3, 8)), rng.normal(size=(2, 8)), rng.normal(size=8))[0]) <= 1
    )


def my_property__wrong_wrong_arguments(lstm):
    """Calls the function under test with its arguments in another order."""
    zero = np.zeros((1, 2))
    outputs, h, _ = lstm(zero, zero, np.ones((1, 3, 1)), np.ones((1, 8)), np.ones((2, 8)), np.ones(8))
    return bool(np.allclose(outputs[:, -1], h))
