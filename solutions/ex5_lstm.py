"""The reference for `ex5_lstm`, right variants of other styles, and wrong ones that students write.

`f` is the reference, `f__right_<name>` must get all points, `f__wrong_<name>` must lose some; a wrong
variant's docstring names the misconception.  Only numpy, the standard library and (inside functions,
so that reading this file stays cheap) keras are imported.
"""

# ruff: noqa: FBT002 - the course's signature of build_tagger has such a default

import itertools
from collections import Counter

import numpy as np

# --------------------------------------------------------------------------------- serie_to_vector


def serie_to_vector(units):
    """An LSTM that reads a whole series and keeps its last output (serie to vector).

    Args:
        units: how many neurons the layer has, an int.
    Returns:
        A keras.Model: (n, T, 8) float32 -> (n, units) float32, for any n and any T.

    >>> serie_to_vector(16).output_shape
    (None, 16)
    """
    import keras

    return keras.Sequential([keras.Input((None, 8)), keras.layers.LSTM(units)])


def serie_to_vector__right_functional(units):
    """Joins input and output by the functional interface."""
    import keras

    series = keras.Input(shape=(None, 8))
    return keras.Model(series, keras.layers.LSTM(units=units)(series))


def serie_to_vector__right_state(units):
    """Gives the memory state h, which is the last output."""
    from tensorflow import keras

    series = keras.Input((None, 8))
    _, h, _ = keras.layers.LSTM(units, return_state=True)(series)
    return keras.Model(inputs=series, outputs=h)


def serie_to_vector__right_last_of_series(units):
    """Computes the whole series and takes its last step."""
    import keras

    series = keras.Input((None, 8))
    outputs = keras.layers.LSTM(units, return_sequences=True)(series)
    return keras.Model(series, outputs[:, -1])


def _reader(layer, shape=(None, 8)):
    import keras

    return keras.Sequential([keras.Input(shape), layer])


def serie_to_vector__right_cell(units):
    """Puts the cell of an LSTM into the general layer."""
    import keras

    return keras.Sequential([keras.Input((None, 8)), keras.layers.RNN(keras.layers.LSTMCell(units))])


def serie_to_vector__right_tf_keras(units):
    """Through tensorflow.keras, layer by layer, compiled although nobody asked."""
    import tensorflow as tf

    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.Input(shape=(None, 8)))
    model.add(tf.keras.layers.LSTM(units=units, name="reader"))
    model.compile("adam", "mse")
    return model


def serie_to_vector__wrong_sequences(units):
    """Leaves return_sequences on, so an output per step comes out."""
    from keras import layers as kl

    return _reader(kl.LSTM(units, return_sequences=True))


def serie_to_vector__wrong_gru(units):
    """Takes a GRU, which has three blocks of weights and one state."""
    from keras import layers as kl

    return _reader(kl.GRU(units))


def serie_to_vector__wrong_simple_rnn(units):
    """Takes the simple recurrent cell."""
    from keras import layers as kl

    return _reader(kl.SimpleRNN(units))


def serie_to_vector__wrong_relu(units):
    """Gives the LSTM relu for its activation, which lets its states grow without bound."""
    from keras import layers as kl

    return _reader(kl.LSTM(units, activation="relu"))


def serie_to_vector__wrong_carry(units):
    """Gives the carry state c, the long-term memory, for the last output."""
    import keras

    series = keras.Input((None, 8))
    _, _, c = keras.layers.LSTM(units, return_state=True)(series)
    return keras.Model(series, c)


def serie_to_vector__wrong_first_step(units):
    """Takes the output of step 0 instead of the last one."""
    import keras

    series = keras.Input((None, 8))
    return keras.Model(series, keras.layers.LSTM(units, return_sequences=True)(series)[:, 0])


def serie_to_vector__wrong_mean(units):
    """Takes the mean of the outputs over time."""
    import keras

    series = keras.Input((None, 8))
    outputs = keras.layers.LSTM(units, return_sequences=True)(series)
    return keras.Model(series, keras.layers.GlobalAveragePooling1D()(outputs))


def serie_to_vector__wrong_backwards(units):
    """Reads the series from its end."""
    from keras import layers as kl

    return _reader(kl.LSTM(units, go_backwards=True))


def serie_to_vector__wrong_no_bias(units):
    """Leaves the bias out."""
    from keras import layers as kl

    return _reader(kl.LSTM(units, use_bias=False))


def serie_to_vector__wrong_always_sixteen(units):  # noqa: ARG001 - that is the mistake
    """Has 16 units whatever is asked."""
    from keras import layers as kl

    return _reader(kl.LSTM(16))


def serie_to_vector__wrong_fixed_length(units):
    """Fixes the length of a series at 20."""
    from keras import layers as kl

    return _reader(kl.LSTM(units), (20, 8))


def serie_to_vector__wrong_axes_exchanged(units):
    """Puts the features before the time in the input's shape."""
    from keras import layers as kl

    return _reader(kl.LSTM(units), (8, 20))


def serie_to_vector__wrong_stateful(units):
    """Makes the layer stateful, so that a second call goes on where the first one stopped."""
    import keras

    return keras.Sequential([keras.Input(batch_shape=(32, None, 8)), keras.layers.LSTM(units, stateful=True)])


def serie_to_vector__wrong_dense_after(units):
    """Adds a Dense layer after the LSTM."""
    import keras

    return keras.Sequential([keras.Input((None, 8)), keras.layers.LSTM(units), keras.layers.Dense(units)])


def serie_to_vector__wrong_unbuilt(units):
    """Never says what comes in, so the model has no weights yet."""
    import keras

    return keras.Sequential([keras.layers.LSTM(units)])


def serie_to_vector__wrong_layer(units):
    """Gives back the layer, which is no model."""
    from keras import layers as kl

    return kl.LSTM(units)


def serie_to_vector__wrong_nothing_returned(units):
    """Builds the model and forgets to return it."""
    from keras import layers as kl

    _reader(kl.LSTM(units))


# ---------------------------------------------------------------------------------- serie_to_serie


def serie_to_serie(units):
    """An LSTM that gives an output per step, and both of its memories after the last one.

    Args:
        units: how many neurons the layer has, an int.
    Returns:
        A keras.Model of three outputs: (n, T, 8) float32 -> output (n, T, units), the memory state
        h (n, units) and the carry state c (n, units), for any n and any T.

    >>> [tuple(part.shape) for part in serie_to_serie(18).outputs]
    [(None, None, 18), (None, 18), (None, 18)]
    """
    import keras

    series = keras.Input((None, 8))
    output, h, c = keras.layers.LSTM(units, return_sequences=True, return_state=True)(series)
    return keras.Model(series, [output, h, c])


def serie_to_serie__right_all_at_once(units):
    """Gives what the layer returns as it is."""
    import keras

    series = keras.Input(shape=(None, 8))
    layer = keras.layers.LSTM(units, return_state=True, return_sequences=True)
    return keras.Model(inputs=series, outputs=layer(series))


def serie_to_serie__right_last_output(units):
    """Takes h from the last step of the output, and gives a tuple."""
    from tensorflow import keras

    series = keras.Input((None, 8))
    output, _, c = keras.layers.LSTM(units, return_sequences=True, return_state=True)(series)
    return keras.Model(series, (output, output[:, -1, :], c))


def _states(units, arrange, **settings):
    """The model whose outputs are ``arrange(output, h, c)``."""
    import keras

    series = keras.Input((None, 8))
    parts = keras.layers.LSTM(units, **{"return_sequences": True, "return_state": True, **settings})(series)
    return keras.Model(series, arrange(*parts))


def serie_to_serie__right_starred(units):
    """Takes the states apart with a star."""
    import keras

    series = keras.layers.Input(shape=(None, 8))
    output, *states = keras.layers.LSTM(units, return_sequences=True, return_state=True)(series)
    return keras.models.Model(series, [output, *states])


def serie_to_serie__right_sequential(units):
    """A Sequential through tf.keras: its last layer gives all three."""
    import tensorflow as tf

    layer = tf.keras.layers.LSTM(units, return_state=True, return_sequences=True)
    return tf.keras.Sequential([tf.keras.Input((None, 8)), layer])


def serie_to_serie__wrong_exchanged(units):
    """Unpacks output, c, h: the two memories are exchanged."""
    return _states(units, lambda output, h, c: [output, c, h])


def serie_to_serie__wrong_h_twice(units):
    """Gives the memory state twice and the carry state never."""
    return _states(units, lambda output, h, c: [output, h, h])


def serie_to_serie__wrong_c_twice(units):
    """Gives the carry state twice and the memory state never."""
    return _states(units, lambda output, h, c: [output, c, c])


def serie_to_serie__wrong_output_last(units):
    """Puts the states before the output."""
    return _states(units, lambda output, h, c: [h, c, output])


def serie_to_serie__wrong_no_sequences(units):
    """Forgets return_sequences, so the first output is the last step alone."""
    return _states(units, lambda output, h, c: [output, h, c], return_sequences=False)


def serie_to_serie__wrong_no_states(units):
    """Forgets return_state, so the series comes alone."""
    import keras

    return keras.Sequential([keras.Input((None, 8)), keras.layers.LSTM(units, return_sequences=True)])


def serie_to_serie__wrong_two_values(units):
    """Leaves the carry state out."""
    return _states(units, lambda output, h, c: [output, h])


def serie_to_serie__wrong_joined(units):
    """Joins the two states to one array."""
    import keras

    return _states(units, lambda output, h, c: [output, keras.ops.concatenate([h, c], axis=-1)])


def serie_to_serie__wrong_dict(units):
    """Gives the outputs as a dict, which has no order."""
    return _states(units, lambda output, h, c: {"output": output, "h": h, "c": c})


def serie_to_serie__wrong_two_layers(units):
    """Takes one layer for the series and another, with other weights, for the states."""
    import keras

    series = keras.Input((None, 8))
    output = keras.layers.LSTM(units, return_sequences=True)(series)
    _, h, c = keras.layers.LSTM(units, return_state=True)(series)
    return keras.Model(series, [output, h, c])


def serie_to_serie__wrong_gru(units):
    """Takes a GRU and gives its only state twice."""
    import keras

    series = keras.Input((None, 8))
    output, h = keras.layers.GRU(units, return_sequences=True, return_state=True)(series)
    return keras.Model(series, [output, h, h])


def serie_to_serie__wrong_backwards(units):
    """Reads the series from its end."""
    return _states(units, lambda output, h, c: [output, h, c], go_backwards=True)


def serie_to_serie__wrong_bidirectional(units):
    """Reads in both directions and joins the states of the two: five values come, and twice the units."""
    import keras

    series = keras.Input((None, 8))
    layer = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True, return_state=True))
    output, h, c, h_back, c_back = layer(series)
    join = keras.layers.Concatenate()
    return keras.Model(series, [output, join([h, h_back]), join([c, c_back])])


def serie_to_serie__wrong_bidirectional_first_states(units):
    """Reads in both directions and gives the first three of the five values: the states of one direction."""
    import keras

    series = keras.Input((None, 8))
    layer = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True, return_state=True))
    return keras.Model(series, layer(series)[:3])


def serie_to_serie__wrong_unpacks_bidirectional(units):
    """Expects three values of a Bidirectional layer, which gives five."""
    import keras

    series = keras.Input((None, 8))
    layer = keras.layers.Bidirectional(keras.layers.LSTM(units, return_sequences=True, return_state=True))
    output, h, c = layer(series)
    return keras.Model(series, [output, h, c])


def serie_to_serie__wrong_unpacks_two(units):
    """Unpacks an output and one state, as of a GRU; an LSTM has two."""
    import keras

    series = keras.Input((None, 8))
    output, h = keras.layers.LSTM(units, return_sequences=True, return_state=True)(series)
    return keras.Model(series, [output, h, h])


def serie_to_serie__wrong_relu(units):
    """Gives the LSTM relu for its activation."""
    return _states(units, lambda output, h, c: [output, h, c], activation="relu")


def serie_to_serie__wrong_stateful(units):
    """Makes the layer stateful, so that a second call goes on where the first one stopped."""
    import keras

    series = keras.Input(batch_shape=(32, None, 8))
    layer = keras.layers.LSTM(units, return_sequences=True, return_state=True, stateful=True)
    return keras.Model(series, layer(series))


def serie_to_serie__wrong_fixed_length(units):
    """Fixes the length of a series at 20."""
    import keras

    series = keras.Input((20, 8))
    return keras.Model(series, keras.layers.LSTM(units, return_sequences=True, return_state=True)(series))


def serie_to_serie__wrong_always_eighteen(units):  # noqa: ARG001 - that is the mistake
    """Has 18 units whatever is asked."""
    return _states(18, lambda output, h, c: [output, h, c])


# -------------------------------------------------------------------------------------- gru_states


def gru_states(units):
    """A GRU that gives an output per step, and its only memory after the last one.

    Args:
        units: how many neurons the layer has, an int.
    Returns:
        A keras.Model of two outputs: (n, T, 8) float32 -> output (n, T, units) and the state
        h (n, units), for any n and any T.

    >>> [tuple(part.shape) for part in gru_states(18).outputs]
    [(None, None, 18), (None, 18)]
    """
    import keras

    series = keras.Input((None, 8))
    output, h = keras.layers.GRU(units, return_sequences=True, return_state=True)(series)
    return keras.Model(series, [output, h])


def gru_states__right_all_at_once(units):
    """Gives what the layer returns as it is."""
    from tensorflow import keras

    series = keras.Input(shape=(None, 8))
    layer = keras.layers.GRU(units, return_state=True, return_sequences=True)
    return keras.Model(inputs=series, outputs=layer(series))


def gru_states__right_last_output(units):
    """Takes the state from the last step of the output."""
    import keras

    series = keras.Input((None, 8))
    output = keras.layers.GRU(units, return_sequences=True)(series)
    return keras.Model(series, (output, output[:, -1]))


def _gru(units, arrange, **settings):
    import keras

    series = keras.Input((None, 8))
    parts = keras.layers.GRU(units, **{"return_sequences": True, "return_state": True, **settings})(series)
    return keras.Model(series, arrange(*parts))


def gru_states__right_cell(units):
    """Puts the cell of a GRU into the general layer."""
    import keras

    series = keras.Input((None, 8))
    layer = keras.layers.RNN(keras.layers.GRUCell(units), return_sequences=True, return_state=True)
    return keras.Model(series, layer(series))


def gru_states__wrong_unpacks_three(units):
    """Unpacks three values, as for an LSTM; a GRU has one state."""
    import keras

    series = keras.Input((None, 8))
    output, h, _ = keras.layers.GRU(units, return_sequences=True, return_state=True)(series)
    return keras.Model(series, [output, h])


def gru_states__wrong_lstm(units):
    """Takes an LSTM, which has two states."""
    import keras

    series = keras.Input((None, 8))
    return keras.Model(series, keras.layers.LSTM(units, return_sequences=True, return_state=True)(series))


def gru_states__wrong_lstm_without_c(units):
    """Takes an LSTM and leaves its carry state out."""
    return _states(units, lambda output, h, c: [output, h])


def gru_states__wrong_bidirectional(units):
    """Reads in both directions: three values come, and the states of the two are joined."""
    import keras

    series = keras.Input((None, 8))
    layer = keras.layers.Bidirectional(keras.layers.GRU(units, return_sequences=True, return_state=True))
    output, h, h_back = layer(series)
    return keras.Model(series, [output, keras.layers.Concatenate()([h, h_back])])


def gru_states__wrong_h_twice(units):
    """Gives the state twice, as if there were a c."""
    return _gru(units, lambda output, h: [output, h, h])


def gru_states__wrong_state_first(units):
    """Puts the state before the output."""
    return _gru(units, lambda output, h: [h, output])


def gru_states__wrong_no_sequences(units):
    """Forgets return_sequences, so the first output is the last step alone."""
    return _gru(units, lambda output, h: [output, h], return_sequences=False)


def gru_states__wrong_no_state(units):
    """Forgets return_state, so the series comes alone."""
    from keras import layers as kl

    return _reader(kl.GRU(units, return_sequences=True))


def gru_states__wrong_reset_before(units):
    """Puts the reset gate before the product, which is not Keras' default and needs one bias less."""
    return _gru(units, lambda output, h: [output, h], reset_after=False)


def gru_states__wrong_fixed_length(units):
    """Fixes the length of a series at 20."""
    import keras

    series = keras.Input((20, 8))
    return keras.Model(series, keras.layers.GRU(units, return_sequences=True, return_state=True)(series))


# ----------------------------------------------------------------------------------- run_in_chunks


def run_in_chunks(layer, x, k):
    """Run a recurrent layer over a long series in chunks of k steps, with the same outputs as in one pass.

    Args:
        layer: an LSTM or GRU layer of Keras, made with return_sequences=True and return_state=True.
        x: (n, T, d) float32, not changed.
        k: how many steps a chunk has, an int of at least 1; the last chunk may be shorter.
    Returns:
        The outputs of all steps, (n, T, units) float32, an array or a tensor.  The layer is called on
        one chunk after the other, and starts each from the states in which the one before ended.

    >>> layer = keras.layers.LSTM(18, return_sequences=True, return_state=True)
    >>> run_in_chunks(layer, np.ones((32, 20, 8), "float32"), 6).shape
    (32, 20, 18)
    """
    outputs, states = [], None
    for start in range(0, x.shape[1], k):
        output, *states = layer(x[:, start : start + k], initial_state=states)
        outputs.append(np.asarray(output))
    return np.concatenate(outputs, axis=1)


def run_in_chunks__right_tensor(layer, x, k):
    """Says which states there are for the first chunk too, and gives a tensor."""
    import keras

    results = layer(x[:, :k])
    outputs, states = [results[0]], list(results[1:])
    for start in range(k, x.shape[1], k):
        results = layer(x[:, start : start + k], initial_state=states)
        outputs.append(results[0])
        states = list(results[1:])
    return keras.ops.concatenate(outputs, axis=1)


def run_in_chunks__right_filled(layer, x, k):
    """Starts from zeros by itself and fills an array."""
    n, steps, _ = x.shape
    memories = 2 if type(layer).__name__ == "LSTM" else 1
    states = [np.zeros((n, layer.units), dtype="float32") for _ in range(memories)]
    result = np.zeros((n, steps, layer.units), dtype="float32")
    start = 0
    while start < steps:
        end = min(start + k, steps)
        output, *states = layer(x[:, start:end], initial_state=states)
        result[:, start:end] = output
        start = end
    return result


def _chunks(layer, x, cuts, carry):
    """The outputs of chunks between the cuts; ``carry`` makes the next chunk's states of the last one's."""
    outputs, states = [], None
    for start, end in itertools.pairwise(cuts):
        output, *after = layer(x[:, start:end], initial_state=states)
        states = carry(after)
        outputs.append(np.asarray(output))
    return outputs


def _cuts(x, k):
    return [*range(0, x.shape[1], k), x.shape[1]]


def run_in_chunks__right_recursive(layer, x, k):
    """The first k steps, then the same on the rest, with the states that came out."""

    def parts(rest, states):
        if not rest.shape[1]:
            return []
        output, *after = layer(rest[:, :k], initial_state=states)
        return [np.asarray(output), *parts(rest[:, k:], after)]

    return np.concatenate(parts(np.asarray(x), None), axis=1)


def run_in_chunks__wrong_states_forgotten(layer, x, k):
    """Starts every chunk from zeros."""
    return np.concatenate(_chunks(layer, x, _cuts(x, k), lambda states: None), axis=1)


def run_in_chunks__wrong_states_exchanged(layer, x, k):
    """Hands c over for h and h for c."""
    return np.concatenate(_chunks(layer, x, _cuts(x, k), lambda states: states[::-1]), axis=1)


def run_in_chunks__wrong_h_for_both(layer, x, k):
    """Hands h over for both memories, so the long-term memory is lost."""
    return np.concatenate(_chunks(layer, x, _cuts(x, k), lambda states: [states[0]] * len(states)), axis=1)


def run_in_chunks__wrong_c_forgotten(layer, x, k):
    """Hands h over and starts the long-term memory anew."""

    def carry(states):
        return [states[0], *(0 * np.asarray(state) for state in states[1:])]

    return np.concatenate(_chunks(layer, x, _cuts(x, k), carry), axis=1)


def run_in_chunks__wrong_first_states(layer, x, k):
    """Starts every chunk from the states after the first one."""
    kept = []

    def carry(states):
        kept.append(states)
        return kept[0]

    return np.concatenate(_chunks(layer, x, _cuts(x, k), carry), axis=1)


def run_in_chunks__wrong_lstm_only(layer, x, k):
    """Unpacks output, h and c, which a GRU does not have."""
    outputs, states = [], None
    for start in range(0, x.shape[1], k):
        output, h, c = layer(x[:, start : start + k], initial_state=states)
        outputs.append(output)
        states = [h, c]
    return np.concatenate(outputs, axis=1)


def run_in_chunks__wrong_rest_dropped(layer, x, k):
    """Counts T // k chunks, so the shorter last one is never read."""
    steps = max(x.shape[1] // k, 1) * k
    return np.concatenate(_chunks(layer, x, [*range(0, steps, k), steps], lambda states: states), axis=1)


def run_in_chunks__wrong_last_chunk(layer, x, k):
    """Gives the outputs of the last chunk alone."""
    return _chunks(layer, x, _cuts(x, k), lambda states: states)[-1]


def run_in_chunks__wrong_last_steps(layer, x, k):
    """Gives the last output of each chunk alone."""
    return np.stack([part[:, -1] for part in _chunks(layer, x, _cuts(x, k), lambda states: states)], axis=1)


def run_in_chunks__wrong_list(layer, x, k):
    """Gives a list of chunks and never joins them."""
    return _chunks(layer, x, _cuts(x, k), lambda states: states)


def run_in_chunks__wrong_with_states(layer, x, k):
    """Gives the states too, where the outputs alone are asked."""
    outputs, states = [], None
    for start in range(0, x.shape[1], k):
        output, *states = layer(x[:, start : start + k], initial_state=states)
        outputs.append(np.asarray(output))
    return [np.concatenate(outputs, axis=1), *states]


def run_in_chunks__wrong_one_pass(layer, x, k):  # noqa: ARG001 - that is the mistake
    """Reads the whole series at once, whatever k is."""
    return layer(x)[0]


def run_in_chunks__wrong_k_chunks(layer, x, k):
    """Cuts the series into k chunks instead of chunks of k steps."""
    sizes = [len(part) for part in np.array_split(np.arange(x.shape[1]), min(k, x.shape[1]))]
    return np.concatenate(_chunks(layer, x, [0, *np.cumsum(sizes)], lambda states: states), axis=1)


def run_in_chunks__wrong_other_axis(layer, x, k):
    """Cuts the batch instead of the time."""
    return np.concatenate([layer(x[i : i + k])[0] for i in range(0, len(x), k)], axis=0)


def run_in_chunks__wrong_reversed_chunks(layer, x, k):
    """Runs from the last chunk to the first."""
    outputs, states = [], None
    for start in list(range(0, x.shape[1], k))[::-1]:
        output, *states = layer(x[:, start : start + k], initial_state=states)
        outputs.insert(0, np.asarray(output))
    return np.concatenate(outputs, axis=1)


def run_in_chunks__wrong_changes_x(layer, x, k):
    """Gives the right outputs but sets the steps that were read to 0 in the caller's array."""
    outputs, states = [], None
    for start in range(0, x.shape[1], k):
        output, *states = layer(x[:, start : start + k], initial_state=states)
        outputs.append(np.array(output))
        x[:, start : start + k] = 0
    return np.concatenate(outputs, axis=1)


# ----------------------------------------------------------------------- lstm_params and gru_params


def lstm_params(d, u):
    """How many parameters an LSTM layer has.

    Args:
        d: features that come in at each step, an int.
        u: units, an int.
    Returns:
        The number of parameters, an int.

    >>> lstm_params(8, 16)
    1600
    """
    return 4 * (u * (u + d) + u)


def lstm_params__right_by_arrays(d, u):
    """Adds the sizes of K, U and b."""
    kernel, recurrent, bias = d * 4 * u, u * 4 * u, 4 * u
    return kernel + recurrent + bias


def lstm_params__right_keras(d, u):
    """Builds the layer and lets Keras count."""
    import keras

    layer = keras.layers.LSTM(u)
    layer.build((None, None, d))
    return layer.count_params()


def lstm_params__wrong_no_bias(d, u):
    """Forgets the bias."""
    return 4 * u * (u + d)


def lstm_params__wrong_no_recurrent(d, u):
    """Forgets the weights of the state."""
    return 4 * (u * d + u)


def lstm_params__wrong_one_block(d, u):
    """Counts one block of the four."""
    return u * (u + d) + u


def lstm_params__wrong_three_blocks(d, u):
    """Counts the three gates and forgets the candidate."""
    return 3 * (u * (u + d) + u)


def lstm_params__wrong_two_biases(d, u):
    """Counts two biases, as PyTorch has."""
    return 4 * (u * (u + d) + 2 * u)


def lstm_params__wrong_exchanged(d, u):
    """Takes features for units."""
    return 4 * (d * (u + d) + d)


def lstm_params__wrong_one_bias(d, u):
    """Counts a single number for the bias of each gate."""
    return 4 * (u * (u + d) + 1)


def gru_params(d, u):
    """How many parameters a GRU layer has, with Keras' default arguments.

    Args:
        d: features that come in at each step, an int.
        u: units, an int.
    Returns:
        The number of parameters, an int.

    >>> gru_params(8, 16)
    1248
    """
    return 3 * (u * (u + d) + 2 * u)


def gru_params__right_by_arrays(d, u):
    """Adds the sizes of K, U and the bias of two rows."""
    return 3 * u * d + 3 * u * u + 2 * 3 * u


def gru_params__right_keras(d, u):
    """Builds the layer and lets Keras count."""
    import keras

    layer = keras.layers.GRU(u)
    layer.build((None, None, d))
    return layer.count_params()


def gru_params__wrong_one_bias(d, u):
    """Counts one bias; Keras' GRU has one for the input and one for the state."""
    return 3 * (u * (u + d) + u)


def gru_params__wrong_no_bias(d, u):
    """Forgets both biases."""
    return 3 * u * (u + d)


def gru_params__wrong_lstm(d, u):
    """Counts four blocks, as for an LSTM."""
    return 4 * (u * (u + d) + u)


def gru_params__wrong_four_blocks(d, u):
    """Counts four blocks with two biases."""
    return 4 * (u * (u + d) + 2 * u)


def gru_params__wrong_two_blocks(d, u):
    """Counts the two gates and forgets the candidate."""
    return 2 * (u * (u + d) + 2 * u)


def gru_params__wrong_no_recurrent(d, u):
    """Forgets the weights of the state."""
    return 3 * (u * d + 2 * u)


def gru_params__wrong_exchanged(d, u):
    """Takes features for units."""
    return 3 * (d * (u + d) + 2 * d)


# ---------------------------------------------------------------------------------------- rnn_type


def rnn_type(task):
    """Which type of RNN a task asks for.

    Args:
        task: "image_label", "image_caption", "music_from_genre", "review_sentiment", "next_value",
            "word_tags", "frame_events" or "translation".
    Returns:
        "one_to_one", "one_to_many", "many_to_one", "many_to_many" or "encoder_decoder".
    Raises:
        ValueError: the task is none of the eight.

    >>> rnn_type("image_label")
    'one_to_one'
    """
    types = {
        "one_to_one": ["image_label"],
        "one_to_many": ["image_caption", "music_from_genre"],
        "many_to_one": ["review_sentiment", "next_value"],
        "many_to_many": ["word_tags", "frame_events"],
        "encoder_decoder": ["translation"],
    }
    for name, tasks in types.items():
        if task in tasks:
            return name
    raise ValueError(f"task must be one of the eight tasks (got {task!r})")


_TYPES = {
    "image_label": "one_to_one",
    "image_caption": "one_to_many",
    "music_from_genre": "one_to_many",
    "review_sentiment": "many_to_one",
    "next_value": "many_to_one",
    "word_tags": "many_to_many",
    "frame_events": "many_to_many",
    "translation": "encoder_decoder",
}


def rnn_type__right_dict(task):
    """Looks up in a dict."""
    if task not in _TYPES:
        raise ValueError("unknown task")
    return _TYPES[task]


def rnn_type__right_match(task):
    """Goes through the cases one by one."""
    match task:
        case "image_label":
            return "one_to_one"
        case "image_caption" | "music_from_genre":
            return "one_to_many"
        case "review_sentiment" | "next_value":
            return "many_to_one"
        case "word_tags" | "frame_events":
            return "many_to_many"
        case "translation":
            return "encoder_decoder"
    raise ValueError(task)


def _typed(task, **other):
    types = {**_TYPES, **other}
    if task not in types:
        raise ValueError("unknown task")
    return types[task]


def rnn_type__wrong_turned_round(task):
    """Takes what comes in for what goes out."""
    turned = {"one_to_many": "many_to_one", "many_to_one": "one_to_many"}
    return turned.get(_typed(task), _typed(task))


def rnn_type__wrong_translation(task):
    """Takes translation for many to many with a word out for each word in."""
    return _typed(task, translation="many_to_many")


def rnn_type__wrong_tags_with_encoder(task):
    """Takes the tagging of words for a translation."""
    return _typed(task, word_tags="encoder_decoder", frame_events="encoder_decoder")


def rnn_type__wrong_image_is_many(task):
    """Takes an image for a series, because it has many pixels."""
    return _typed(task, image_label="many_to_one", image_caption="many_to_many")


def rnn_type__wrong_next_value(task):
    """Takes the forecast of one value for a series."""
    return _typed(task, next_value="many_to_many")


def rnn_type__wrong_frames(task):
    """Takes one event for the whole film instead of one for each image of it."""
    return _typed(task, frame_events="many_to_one")


def rnn_type__wrong_music(task):
    """Takes the notes for the input, although the genre alone comes in."""
    return _typed(task, music_from_genre="many_to_many")


def rnn_type__wrong_spelling(task):
    """Writes the types with hyphens."""
    return _typed(task).replace("_", "-")


def rnn_type__wrong_key_error(task):
    """Raises KeyError for a task that it does not know."""
    return _TYPES[task]


def rnn_type__wrong_none(task):
    """Gives None for a task that it does not know."""
    return _TYPES.get(task)


def rnn_type__wrong_default(task):
    """Takes every unknown task for many to many."""
    return _TYPES.get(task, "many_to_many")


# --------------------------------------------------------------------------- build_lstm_classifier


def build_lstm_classifier(vocab_size, dim, units):
    """An LSTM that reads a review to its last word, and one neuron that says whether it is positive.

    Args:
        vocab_size: how many ids there are, an int; ids are 0 (pad) to vocab_size - 1.
        dim: the length of a word's vector, an int.
        units: how many neurons the LSTM has, an int.
    Returns:
        A compiled keras.Model: (n, T) ids -> (n, 1) float32, the probability of a positive review; pads
        (id 0) are jumped over.  Its loss is binary cross-entropy, its metric accuracy.

    >>> build_lstm_classifier(1000, 16, 24).count_params()
    19961
    """
    import keras

    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(vocab_size, dim, mask_zero=True),
            keras.layers.LSTM(units),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_lstm_classifier__right_functional(vocab_size, dim, units):
    """Joins the layers by the functional interface, with objects for loss and metric."""
    import keras

    ids = keras.Input(shape=(None,))
    vectors = keras.layers.Embedding(input_dim=vocab_size, output_dim=dim, mask_zero=True)(ids)
    probability = keras.layers.Dense(1, "sigmoid")(keras.layers.LSTM(units)(vectors))
    model = keras.Model(ids, probability)
    model.compile(
        "rmsprop", loss=keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.BinaryAccuracy(name="acc")]
    )
    return model


def build_lstm_classifier__right_state(vocab_size, dim, units):
    """Gives the mask to the layer by hand and reads h from the states."""
    from tensorflow import keras

    ids = keras.Input((None,), dtype="int32")
    table = keras.layers.Embedding(vocab_size, dim, mask_zero=True)
    _, h, _ = keras.layers.LSTM(units, return_state=True)(table(ids), mask=table.compute_mask(ids))
    model = keras.Model(ids, keras.layers.Dense(1, activation=keras.activations.sigmoid)(h))
    model.compile(loss="bce", optimizer="adam", metrics=["acc"])
    return model


def _classifier(*layers, **settings):
    import keras

    model = keras.Sequential([keras.Input((None,), dtype="int32"), *layers])
    model.compile(**{"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"], **settings})
    return model


def build_lstm_classifier__wrong_no_mask(vocab_size, dim, units):
    """Forgets mask_zero, so the LSTM reads on through the pads."""
    from keras import layers as kl

    return _classifier(kl.Embedding(vocab_size, dim), kl.LSTM(units), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_input_dim(vocab_size, dim, units):
    """Takes the largest id for the number of ids, one row too few."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size - 1, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_sizes_exchanged(vocab_size, dim, units):
    """Exchanges dim and units."""
    from keras import layers as kl

    return _classifier(kl.Embedding(vocab_size, units, mask_zero=True), kl.LSTM(dim), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_sequences(vocab_size, dim, units):
    """Leaves return_sequences on, so there is a probability per word."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units, return_sequences=True), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_stacked(vocab_size, dim, units):
    """Stacks two LSTMs and gives the second one a vector: return_sequences is missing on the first."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units), kl.LSTM(units), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_two_layers(vocab_size, dim, units):
    """Stacks two LSTMs where one is asked."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units, return_sequences=True), kl.LSTM(units), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_flatten(vocab_size, dim, units):
    """Flattens the whole series, so the neuron has weights for each place."""
    import keras
    from keras import layers as kl

    layers = [kl.Embedding(vocab_size, dim), kl.LSTM(units, return_sequences=True), kl.Flatten()]
    model = keras.Sequential([keras.Input((40,), dtype="int32"), *layers, kl.Dense(1, "sigmoid")])
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def _of_series(vocab_size, dim, units, choose, **settings):
    """A classifier whose neuron reads ``choose(outputs)`` of the series of outputs."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    outputs = kl.LSTM(units, return_sequences=True, **settings)(
        kl.Embedding(vocab_size, dim, mask_zero=True)(ids)
    )
    model = keras.Model(ids, kl.Dense(1, "sigmoid")(choose(outputs)))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_lstm_classifier__wrong_first_step(vocab_size, dim, units):
    """Reads the output of step 0, after the start alone."""
    return _of_series(vocab_size, dim, units, lambda outputs: outputs[:, 0])


def build_lstm_classifier__wrong_mean(vocab_size, dim, units):
    """Takes the mean of the outputs over the words."""
    from keras import layers as kl

    return _of_series(vocab_size, dim, units, kl.GlobalAveragePooling1D())


def build_lstm_classifier__wrong_maximum(vocab_size, dim, units):
    """Takes the largest value of each neuron over the places."""
    from keras import layers as kl

    return _of_series(vocab_size, dim, units, kl.GlobalMaxPooling1D())


def build_lstm_classifier__wrong_carry(vocab_size, dim, units):
    """Reads the carry state c instead of the memory state h."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    _, _, c = kl.LSTM(units, return_state=True)(kl.Embedding(vocab_size, dim, mask_zero=True)(ids))
    model = keras.Model(ids, kl.Dense(1, "sigmoid")(c))
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_lstm_classifier__wrong_backwards(vocab_size, dim, units):
    """Reads the review from its end."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units, go_backwards=True), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_relu(vocab_size, dim, units):
    """Gives the LSTM relu for its activation."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units, activation="relu"), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_bidirectional(vocab_size, dim, units):
    """Reads in both directions."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.Bidirectional(kl.LSTM(units)), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_no_bias(vocab_size, dim, units):
    """Leaves the LSTM's bias out."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units, use_bias=False), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_simple_rnn(vocab_size, dim, units):
    """Takes the simple recurrent cell."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.SimpleRNN(units), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_gru(vocab_size, dim, units):
    """Takes a GRU."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.GRU(units), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_bag(vocab_size, dim, units):  # noqa: ARG001 - that is the mistake
    """Takes the mean of the vectors, as in the exercise before: no LSTM at all."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.GlobalAveragePooling1D(), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_softmax(vocab_size, dim, units):
    """Takes softmax over a single unit, which is always 1."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units), kl.Dense(1, "softmax"))


def build_lstm_classifier__wrong_no_activation(vocab_size, dim, units):
    """Forgets the sigmoid, so the loss takes logits for probabilities."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units), kl.Dense(1))


def build_lstm_classifier__wrong_from_logits(vocab_size, dim, units):
    """Has a sigmoid and still tells the loss that it gets logits."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return _classifier(table, kl.LSTM(units), kl.Dense(1, "sigmoid"), loss=loss)


def build_lstm_classifier__wrong_mse(vocab_size, dim, units):
    """Takes the squared error, which is for regression."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units), kl.Dense(1, "sigmoid"), loss="mse")


def build_lstm_classifier__wrong_no_metric(vocab_size, dim, units):
    """Compiles without a metric."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units), kl.Dense(1, "sigmoid"), metrics=None)


def build_lstm_classifier__wrong_not_compiled(vocab_size, dim, units):
    """Never compiles the model."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return keras.Sequential(
        [keras.Input((None,), dtype="int32"), table, kl.LSTM(units), kl.Dense(1, "sigmoid")]
    )


def build_lstm_classifier__wrong_unbuilt(vocab_size, dim, units):
    """Never says what comes in, so the model has no weights yet."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = keras.Sequential([table, kl.LSTM(units), kl.Dense(1, "sigmoid")])
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_lstm_classifier__wrong_frozen(vocab_size, dim, units):
    """Freezes the LSTM, so only the table and the neuron learn."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _classifier(table, kl.LSTM(units, trainable=False), kl.Dense(1, "sigmoid"))


def build_lstm_classifier__wrong_fixed_length(vocab_size, dim, units):
    """Fixes the length of a review at 40."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    model = keras.Sequential(
        [keras.Input((40,), dtype="int32"), table, kl.LSTM(units), kl.Dense(1, "sigmoid")]
    )
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def build_lstm_classifier__wrong_stateful(vocab_size, dim, units):
    """Makes the LSTM stateful, so that it starts a batch with the states of the batch before."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    reader = kl.LSTM(units, stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(32, None)), table, reader, kl.Dense(1, "sigmoid")])
    model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model


# ------------------------------------------------------------------------------------ build_tagger


def build_tagger(vocab_size, dim, units, n_tags, bidirectional=False):
    """An LSTM that gives a tag to each word of a review (serie to serie).

    Args:
        vocab_size: how many ids there are, an int; ids are 0 (pad) to vocab_size - 1.
        dim: the length of a word's vector, an int.
        units: how many neurons the LSTM has, in each direction, an int.
        n_tags: how many tags there are, an int.
        bidirectional: whether a second LSTM reads from the end; the two outputs are then joined.
    Returns:
        A compiled keras.Model: (n, T) ids -> (n, T, n_tags) float32, a probability for each tag of each
        word; pads (id 0) are jumped over.  Its loss is sparse categorical cross-entropy.

    >>> build_tagger(1000, 16, 24, 4).count_params(), build_tagger(1000, 16, 16, 4, True).count_params()
    (20036, 20356)
    """
    import keras

    reader = keras.layers.LSTM(units, return_sequences=True)
    if bidirectional:
        reader = keras.layers.Bidirectional(reader)
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(vocab_size, dim, mask_zero=True),
            reader,
            keras.layers.Dense(n_tags, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    return model


def build_tagger__right_functional(vocab_size, dim, units, n_tags, bidirectional=False):
    """Joins the layers by the functional interface, and spreads the Dense layer over time."""
    from tensorflow import keras

    ids = keras.Input((None,))
    hidden = keras.layers.Embedding(vocab_size, dim, mask_zero=True)(ids)
    if bidirectional:
        hidden = keras.layers.Bidirectional(
            keras.layers.LSTM(units, return_sequences=True), merge_mode="concat"
        )(hidden)
    else:
        hidden = keras.layers.LSTM(units, return_sequences=True)(hidden)
    tags = keras.layers.TimeDistributed(keras.layers.Dense(n_tags, activation="softmax"))(hidden)
    model = keras.Model(ids, tags)
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile("adam", loss=loss, metrics=["accuracy"])
    return model


def build_tagger__right_softmax_layer(vocab_size, dim, units, n_tags, bidirectional=False):
    """Adds layer after layer, with softmax as a layer of its own."""
    import keras

    model = keras.Sequential()
    model.add(keras.Input((None,), dtype="int32"))
    model.add(keras.layers.Embedding(vocab_size, dim, mask_zero=True))
    lstm = keras.layers.LSTM(units, return_sequences=True)
    model.add(keras.layers.Bidirectional(lstm) if bidirectional else lstm)
    model.add(keras.layers.Dense(n_tags))
    model.add(keras.layers.Activation("softmax"))
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy")
    return model


def _tagger(ids, reader, dense, loss="sparse_categorical_crossentropy"):
    import keras

    model = keras.Sequential([keras.Input((None,), dtype="int32"), ids, reader, *dense])
    model.compile("adam", loss=loss)
    return model


def _tag_reader(units, bidirectional, **settings):
    from keras import layers as kl

    reader = kl.LSTM(units, return_sequences=True, **settings)
    return kl.Bidirectional(reader) if bidirectional else reader


def build_tagger__wrong_no_sequences(vocab_size, dim, units, n_tags, bidirectional=False):
    """Forgets return_sequences, so there is one tag per review."""
    from keras import layers as kl

    reader = kl.Bidirectional(kl.LSTM(units)) if bidirectional else kl.LSTM(units)
    return _tagger(kl.Embedding(vocab_size, dim, mask_zero=True), reader, [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_no_mask(vocab_size, dim, units, n_tags, bidirectional=False):
    """Forgets mask_zero, so the pads are read, and learned, as words."""
    from keras import layers as kl

    reader = _tag_reader(units, bidirectional)
    return _tagger(kl.Embedding(vocab_size, dim), reader, [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_never_bidirectional(vocab_size, dim, units, n_tags, bidirectional=False):  # noqa: ARG001
    """Reads in one direction whatever is asked."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, False), [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_always_bidirectional(vocab_size, dim, units, n_tags, bidirectional=False):  # noqa: ARG001
    """Reads in both directions whatever is asked."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, True), [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_other_default(vocab_size, dim, units, n_tags, bidirectional=True):
    """Changes the default of the stub: reads in both directions when nothing is asked."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_backwards(vocab_size, dim, units, n_tags, bidirectional=False):
    """Reads from the end in one direction, and gives the outputs in that order."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    reader = _tag_reader(units, bidirectional, go_backwards=not bidirectional)
    return _tagger(table, reader, [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_merged_by_sum(vocab_size, dim, units, n_tags, bidirectional=False):
    """Adds the outputs of the two directions up."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    reader = kl.LSTM(units, return_sequences=True)
    reader = kl.Bidirectional(reader, merge_mode="sum") if bidirectional else reader
    return _tagger(table, reader, [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_units_shared(vocab_size, dim, units, n_tags, bidirectional=False):
    """Shares the units between the two directions, half of them for each."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    reader = _tag_reader(units // 2 if bidirectional else units, bidirectional)
    return _tagger(table, reader, [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_sigmoid(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes the sigmoid, so the tags' probabilities do not add up to 1."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags, "sigmoid")])


def build_tagger__wrong_no_activation(vocab_size, dim, units, n_tags, bidirectional=False):
    """Forgets the softmax, so the loss takes logits for probabilities."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags)])


def build_tagger__wrong_softmax_over_time(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes the softmax over the words of a review instead of over the tags of a word."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags), kl.Softmax(axis=1)])


def build_tagger__wrong_one_output(vocab_size, dim, units, n_tags, bidirectional=False):  # noqa: ARG001
    """Has one output per word, as if a tag's number were a quantity."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(1)], loss="mse")


def build_tagger__wrong_one_tag_more(vocab_size, dim, units, n_tags, bidirectional=False):
    """Adds a tag for the pads."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags + 1, "softmax")])


def build_tagger__wrong_categorical(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes categorical cross-entropy, which wants one-hot tags."""
    from keras import layers as kl

    table, loss = kl.Embedding(vocab_size, dim, mask_zero=True), "categorical_crossentropy"
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags, "softmax")], loss)


def build_tagger__wrong_binary(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes binary cross-entropy, which is for one probability."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(
        table, _tag_reader(units, bidirectional), [kl.Dense(n_tags, "softmax")], "binary_crossentropy"
    )


def build_tagger__wrong_from_logits(vocab_size, dim, units, n_tags, bidirectional=False):
    """Has a softmax and still tells the loss that it gets logits."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags, "softmax")], loss)


def build_tagger__wrong_not_compiled(vocab_size, dim, units, n_tags, bidirectional=False):
    """Never compiles the model."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    layers = [table, _tag_reader(units, bidirectional), kl.Dense(n_tags, "softmax")]
    return keras.Sequential([keras.Input((None,), dtype="int32"), *layers])


def build_tagger__wrong_gru(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes GRUs."""
    from keras import layers as kl

    reader = kl.GRU(units, return_sequences=True)
    reader = kl.Bidirectional(reader) if bidirectional else reader
    return _tagger(kl.Embedding(vocab_size, dim, mask_zero=True), reader, [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_no_lstm(vocab_size, dim, units, n_tags, bidirectional=False):  # noqa: ARG001
    """Reads each word alone: there is no recurrent layer."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    return _tagger(table, kl.Dense(units, "tanh"), [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_input_dim(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes the largest id for the number of ids, one row too few."""
    from keras import layers as kl

    table = kl.Embedding(vocab_size - 1, dim, mask_zero=True)
    return _tagger(table, _tag_reader(units, bidirectional), [kl.Dense(n_tags, "softmax")])


def build_tagger__wrong_fixed_length(vocab_size, dim, units, n_tags, bidirectional=False):
    """Fixes the length of a review at 40."""
    import keras
    from keras import layers as kl

    table = kl.Embedding(vocab_size, dim, mask_zero=True)
    layers = [table, _tag_reader(units, bidirectional), kl.Dense(n_tags, "softmax")]
    model = keras.Sequential([keras.Input((40,), dtype="int32"), *layers])
    model.compile("adam", loss="sparse_categorical_crossentropy")
    return model


def build_tagger__wrong_tags_of_the_review(vocab_size, dim, units, n_tags, bidirectional=False):
    """Takes the mean of all states for every word, so the whole review has one and the same tags."""
    import keras
    from keras import layers as kl

    ids = keras.Input((None,), dtype="int32")
    states = _tag_reader(units, bidirectional)(kl.Embedding(vocab_size, dim, mask_zero=True)(ids))
    mean = kl.GlobalAveragePooling1D(keepdims=True)(states)
    model = keras.Model(ids, kl.Dense(n_tags, activation="softmax")(mean + 0 * states))
    model.compile("adam", loss="sparse_categorical_crossentropy")
    return model


# ------------------------------------------------------------------------------------ token_scores


def token_scores(tags_true, tags_pred, ids):
    """How well tags were found, pads left out.

    Args:
        tags_true, tags_pred: (n, T) of ints, the true tag of each token and the predicted one.
        ids: (n, T) of ints, the ids of the tokens; 0 is a pad, which does not count.
    Returns:
        A dict of two floats: "token_accuracy", the share of real tokens whose tag is right, and
        "macro_f1", the mean of the F1s of the tags that occur among the real tokens, in truth or
        prediction; 0/0 counts 0.0.  No argument is changed.

    >>> token_scores([[1, 0, 0]], [[1, 1, 0]], [[7, 5, 0]])
    {'token_accuracy': 0.5, 'macro_f1': 0.3333333333333333}
    """
    real = np.asarray(ids) != 0
    true, predicted = np.asarray(tags_true)[real], np.asarray(tags_pred)[real]
    if true.size == 0:
        return {"token_accuracy": 0.0, "macro_f1": 0.0}
    f1s = []
    for tag in np.union1d(true, predicted):
        both = np.sum((true == tag) & (predicted == tag))
        f1s.append(2 * both / (np.sum(true == tag) + np.sum(predicted == tag)))
    return {"token_accuracy": float(np.mean(true == predicted)), "macro_f1": float(np.mean(f1s))}


def token_scores__right_loops(tags_true, tags_pred, ids):
    """Counts token by token, in plain Python."""
    pairs = []
    for row_true, row_pred, row in zip(tags_true, tags_pred, ids, strict=True):
        for a, b, number in zip(row_true, row_pred, row, strict=True):
            if number != 0:
                pairs.append((int(a), int(b)))
    f1s = []
    for tag in {tag for pair in pairs for tag in pair}:
        hits = pairs.count((tag, tag))
        found, there = (sum(pair[side] == tag for pair in pairs) for side in (1, 0))
        precision = hits / found if found else 0.0
        recall = hits / there if there else 0.0
        f1s.append(2 * precision * recall / (precision + recall) if hits else 0.0)
    return {
        "macro_f1": sum(f1s) / len(f1s) if f1s else 0.0,
        "token_accuracy": sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0,
    }


def token_scores__right_matrix(tags_true, tags_pred, ids):
    """Reads both numbers from a confusion matrix."""
    true, predicted, ids = (np.asarray(a).ravel() for a in (tags_true, tags_pred, ids))
    true, predicted = true[ids > 0], predicted[ids > 0]
    if not len(true):
        return {"token_accuracy": 0.0, "macro_f1": 0.0}
    matrix = np.zeros((max(true.max(), predicted.max()) + 1,) * 2)
    np.add.at(matrix, (true, predicted), 1)
    sums = matrix.sum(axis=0) + matrix.sum(axis=1)
    f1 = 2 * np.diag(matrix)[sums > 0] / sums[sums > 0]
    return {"token_accuracy": np.trace(matrix) / matrix.sum(), "macro_f1": f1.mean()}


def _f1s(true, predicted, tags):
    """The F1 of each of the tags; 0/0 is 0."""
    counts = [
        (np.sum((true == t) & (predicted == t)), np.sum(true == t), np.sum(predicted == t)) for t in tags
    ]
    return [float(2 * both / (a + b)) if a + b else 0.0 for both, a, b in counts]


def _scored(true, predicted, tags):
    return {
        "token_accuracy": float(np.mean(true == predicted)) if true.size else 0.0,
        "macro_f1": float(np.mean(_f1s(true, predicted, tags))) if len(tags) else 0.0,
    }


def token_scores__right_counter(tags_true, tags_pred, ids):
    """Counts pairs of tags, and asks the Counter for rows and columns."""
    flat = (np.ravel(np.asarray(part)).tolist() for part in (tags_true, tags_pred, ids))
    pairs = Counter((true, guess) for true, guess, number in zip(*flat, strict=True) if number)
    tags = {tag for pair in pairs for tag in pair}
    count = lambda place, tag: sum(n for pair, n in pairs.items() if pair[place] == tag)  # noqa: E731
    f1s = [2 * pairs[tag, tag] / (count(0, tag) + count(1, tag)) for tag in tags]
    hits = sum(pairs[tag, tag] for tag in tags)
    return {
        "macro_f1": np.mean(f1s) if f1s else 0,
        "token_accuracy": hits / pairs.total() if pairs else 0,
    }


def token_scores__wrong_pads_counted(tags_true, tags_pred, ids):  # noqa: ARG001 - that is the mistake
    """Counts the pads as tokens."""
    true, predicted = np.asarray(tags_true).ravel(), np.asarray(tags_pred).ravel()
    return _scored(true, predicted, np.union1d(true, predicted))


def token_scores__wrong_pads_in_accuracy(tags_true, tags_pred, ids):
    """Counts the pads in the accuracy, but not in the F1."""
    found = token_scores(tags_true, tags_pred, ids)
    return {**found, "token_accuracy": float(np.mean(np.asarray(tags_true) == np.asarray(tags_pred)))}


def token_scores__wrong_pads_of_sum(tags_true, tags_pred, ids):
    """Leaves pads out of the sum of hits and divides by the number of all cells."""
    found = token_scores(tags_true, tags_pred, ids)
    hits = (np.asarray(tags_true) == np.asarray(tags_pred)) & (np.asarray(ids) != 0)
    return {**found, "token_accuracy": float(np.mean(hits))}


def token_scores__wrong_masked_by_tag(tags_true, tags_pred, ids):  # noqa: ARG001 - that is the mistake
    """Leaves out the tokens of tag 0 instead of the pads."""
    true, predicted = np.asarray(tags_true), np.asarray(tags_pred)
    kept = true != 0
    return _scored(true[kept], predicted[kept], np.union1d(true[kept], predicted[kept]))


def _real(tags_true, tags_pred, ids):
    real = np.asarray(ids) != 0
    return np.asarray(tags_true)[real], np.asarray(tags_pred)[real]


def token_scores__wrong_without_tag_zero(tags_true, tags_pred, ids):
    """Leaves tag 0 out of the mean of the F1s."""
    true, predicted = _real(tags_true, tags_pred, ids)
    return _scored(true, predicted, [tag for tag in np.union1d(true, predicted) if tag != 0])


def token_scores__wrong_all_tags(tags_true, tags_pred, ids):
    """Counts an F1 of 0 for a tag that occurs nowhere."""
    true, predicted = _real(tags_true, tags_pred, ids)
    highest = int(max(true.max(initial=0), predicted.max(initial=0)))
    return _scored(true, predicted, range(highest + 1))


def token_scores__wrong_tags_of_truth(tags_true, tags_pred, ids):
    """Looks at the tags of the truth only, so a tag that was invented costs nothing."""
    true, predicted = _real(tags_true, tags_pred, ids)
    return _scored(true, predicted, np.unique(true))


def token_scores__wrong_tags_of_prediction(tags_true, tags_pred, ids):
    """Looks at the predicted tags only, so a tag that is never found costs nothing."""
    true, predicted = _real(tags_true, tags_pred, ids)
    return _scored(true, predicted, np.unique(predicted))


def token_scores__wrong_weighted(tags_true, tags_pred, ids):
    """Weighs each F1 by how often its tag occurs, so the rare tags do not count."""
    true, predicted = _real(tags_true, tags_pred, ids)
    tags = np.union1d(true, predicted)
    shares = [np.mean(true == tag) for tag in tags]
    scored = _scored(true, predicted, tags)
    return {**scored, "macro_f1": float(np.dot(shares, _f1s(true, predicted, tags)))}


def token_scores__wrong_micro(tags_true, tags_pred, ids):
    """Pools all tags before the F1, which gives the accuracy again."""
    found = token_scores(tags_true, tags_pred, ids)
    return {**found, "macro_f1": found["token_accuracy"]}


def token_scores__wrong_of_means(tags_true, tags_pred, ids):
    """Takes the F1 of the mean precision and the mean recall, not the mean of the F1s."""
    true, predicted = _real(tags_true, tags_pred, ids)
    tags = np.union1d(true, predicted)
    if not len(tags):
        return _scored(true, predicted, tags)
    both = [np.sum((true == t) & (predicted == t)) for t in tags]
    p = np.mean([b / max(np.sum(predicted == t), 1) for b, t in zip(both, tags, strict=True)])
    r = np.mean([b / max(np.sum(true == t), 1) for b, t in zip(both, tags, strict=True)])
    return {**_scored(true, predicted, tags), "macro_f1": float(2 * p * r / (p + r)) if p + r else 0.0}


def token_scores__wrong_recall(tags_true, tags_pred, ids):
    """Takes the mean recall for the mean F1."""
    true, predicted = _real(tags_true, tags_pred, ids)
    tags = np.union1d(true, predicted)
    if not len(tags):
        return _scored(true, predicted, tags)
    recalls = [np.sum((true == t) & (predicted == t)) / max(np.sum(true == t), 1) for t in tags]
    return {**_scored(true, predicted, tags), "macro_f1": float(np.mean(recalls))}


def token_scores__wrong_per_review(tags_true, tags_pred, ids):
    """Takes the mean of the reviews' accuracies, so short reviews weigh more per token."""
    found = token_scores(tags_true, tags_pred, ids)
    rows = zip(np.asarray(tags_true), np.asarray(tags_pred), np.asarray(ids), strict=True)
    shares = [np.mean(a[row != 0] == b[row != 0]) for a, b, row in rows if np.any(row != 0)]
    return {**found, "token_accuracy": float(np.mean(shares)) if shares else 0.0}


def token_scores__wrong_start_left_out(tags_true, tags_pred, ids):
    """Leaves start and unknown words out too; only the pad is no token."""
    ids = np.asarray(ids)
    return token_scores(tags_true, tags_pred, np.where(ids > 2, ids, 0))


def token_scores__wrong_nan(tags_true, tags_pred, ids):
    """Divides by zero where nothing was found: nan instead of 0."""
    true, predicted = _real(tags_true, tags_pred, ids)
    f1s = []
    with np.errstate(all="ignore"):
        for tag in np.union1d(true, predicted):
            both = np.sum((true == tag) & (predicted == tag))
            p, r = both / np.sum(predicted == tag), both / np.sum(true == tag)
            f1s.append(2 * p * r / (p + r))
    accuracy = float(np.mean(true == predicted)) if true.size else float("nan")
    return {"token_accuracy": accuracy, "macro_f1": float(np.mean(f1s)) if f1s else float("nan")}


def token_scores__wrong_tuple(tags_true, tags_pred, ids):
    """Gives the two numbers without their names."""
    return tuple(token_scores(tags_true, tags_pred, ids).values())


def token_scores__wrong_other_keys(tags_true, tags_pred, ids):
    """Gives the numbers other names."""
    accuracy, f1 = token_scores(tags_true, tags_pred, ids).values()
    return {"accuracy": accuracy, "f1": f1}


def token_scores__wrong_percent(tags_true, tags_pred, ids):
    """Gives percentages."""
    return {name: 100 * value for name, value in token_scores(tags_true, tags_pred, ids).items()}


def token_scores__wrong_arrays_only(tags_true, tags_pred, ids):
    """Compares nested lists as they are, which compares the lists and not their items."""
    if isinstance(tags_true, list):
        same = tags_true == tags_pred
        return {"token_accuracy": float(same), "macro_f1": float(same)}
    return token_scores(tags_true, tags_pred, ids)


def token_scores__wrong_mean_of_a_bool(tags_true, tags_pred, ids):
    """Compares what comes in without np.asarray: of two lists that is one bool, which has no mean."""
    real = np.asarray(ids) != 0
    right = (tags_true == tags_pred)[real].mean() if real.any() else 0.0
    return {**token_scores(tags_true, tags_pred, ids), "token_accuracy": float(right)}


def token_scores__wrong_changes_tags(tags_true, tags_pred, ids):
    """Gives the right scores but writes -1 over the pads in the caller's array."""
    found = token_scores(tags_true, tags_pred, ids)
    if isinstance(tags_pred, np.ndarray):
        tags_pred[np.asarray(ids) == 0] = -1
    return found
