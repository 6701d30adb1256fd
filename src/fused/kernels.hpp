#pragma once

#include <cstddef>
#include <cstdint>

/// What a training step is made of, on plain memory: a function for each loop that takes time,
/// compiled for each kind of processor, of which the one is used that the program runs on.
///
/// Buffers are float, aligned to 64 bytes, and have `slack` elements behind their end that may be
/// read, and written with anything, since whole vectors are.
namespace troupe::fused {

inline constexpr std::size_t slack = 64;

/// Rows of parameters are padded to a multiple of this with zeros.
inline constexpr std::size_t row_multiple = 16;

constexpr std::size_t padded(std::size_t n) {
  return (n + row_multiple - 1) / row_multiple * row_multiple;
}

// -- convolution ---------------------------------------------------------------------------------

/// How a convolution goes over one image.
///
/// Forwards it runs over an image whose planes are apart ("planar"), along all output pixels at
/// once: output p is the sum over the taps t of weight[t] * input[p + tap[t]]. Rows are as long as
/// the input's, so between two rows there are outputs that mean nothing.
/// Backwards it takes the output gradients that are not 0 one by one, and goes along the patch of
/// the input that each has seen, whose channels are together ("interleaved"): `rows` runs of `run`
/// elements.
struct conv_shape {
  std::size_t channels;      ///< Of the output.
  std::size_t outputs;       ///< Per plane, from the first to the last that means something.
  std::size_t output_plane;  ///< From one output plane to the next: at least padded(outputs).
  std::size_t rows, run;     ///< A filter: kernel rows of (kernel columns x input channels).
  std::size_t row_stride;    ///< From one kernel row of the weights to the next: padded(run).
  std::size_t filter_stride; ///< From one filter to the next.
  std::size_t patch_stride;  ///< From one row of the interleaved input to the next.
  const std::int32_t* taps;  ///< [rows x run], into the planar input.
};

/// Output gradients of one plane that are not 0, and where in the interleaved input their patches
/// begin.
struct sparse_gradients {
  std::size_t count;
  const float* values;
  const std::int32_t* patches;
};

/// `in` planar, `out` [channels][output_plane].
void conv_forward(const conv_shape& s, const float* in, const float* weights, const float* bias,
                  float* out);

/// Puts the elements of `gradient` [count] that are not 0 into `values`, and of `patches` those
/// that belong to them into `chosen`; each has room for count + slack. Returns how many there are.
std::size_t collect(std::size_t count, const float* gradient, const std::int32_t* patches,
                    float* values, std::int32_t* chosen);

/// Adds to `gradient`, one filter, what `g` makes of it.
void conv_weight_gradient(const conv_shape& s, const sparse_gradients& g, const float* interleaved,
                          float* gradient);

/// Adds to `in_gradient`, an interleaved image, what `g` and one filter make of it.
void conv_input_gradient(const conv_shape& s, const sparse_gradients& g, const float* filter,
                         float* in_gradient);

/// [channels][pixels] with planes `stride` apart -> [pixels][channels].
void interleave(std::size_t channels, std::size_t pixels, std::size_t stride, const float* in,
                float* out);

// -- max-pooling by 2 ----------------------------------------------------------------------------

/// The greatest of each 2x2 block (of several equal ones the first; NaN is greater than all).
struct pool_shape {
  std::size_t rows, columns; ///< Of an output plane, whose rows have no gaps.
  std::size_t in_stride;     ///< From one row of the input to the next.
};

/// One plane. `which`: 0 to 3, the place in the block, row by row.
void max_pool_2x2(const pool_shape& s, const float* in, float* out, std::int32_t* which);

// -- linear layers -------------------------------------------------------------------------------

/// y = x W + b for a batch. Weights are [inputs][stride].
struct linear_shape {
  std::size_t inputs, outputs;
  std::size_t stride;                ///< padded(outputs)
  std::size_t in_stride, out_stride; ///< From one example to the next.
};

void linear_forward(const linear_shape& s, std::size_t batch, const float* in, const float* weights,
                    const float* bias, float* out);

/// in_gradient = out_gradient W^T, for the inputs [first, first + count).
void linear_input_gradient(const linear_shape& s, std::size_t batch, std::size_t first,
                           std::size_t count, const float* out_gradient, const float* weights,
                           float* in_gradient);

/// The gradient of the weights of those inputs: [count][stride].
void linear_weight_gradient(const linear_shape& s, std::size_t batch, std::size_t first,
                            std::size_t count, const float* in, const float* out_gradient,
                            float* gradient);

// -- element by element --------------------------------------------------------------------------

void relu_forward(std::size_t count, const float* in, float* out);

/// in_gradient = out_gradient where out > 0, else 0.
void relu_backward(std::size_t count, const float* out, const float* out_gradient,
                   float* in_gradient);

/// To 4 units in the last place.
void tanh_forward(std::size_t count, const float* in, float* out);

/// in_gradient = out_gradient (1 - out^2)
void tanh_backward(std::size_t count, const float* out, const float* out_gradient,
                   float* in_gradient);

/// out = a + b
void add(std::size_t count, const float* a, const float* b, float* out);

/// out = a * b
void multiply(std::size_t count, const float* a, const float* b, float* out);

/// out = in * scale + shift
void convert_bytes(std::size_t count, const std::uint8_t* in, float scale, float shift, float* out);

// -- optimizers ----------------------------------------------------------------------------------

struct sgd_step {
  float lr, momentum, weight_decay;
};

/// As torch.optim.SGD; `velocity` is its momentum buffer, not used where momentum is 0.
void sgd_update(const sgd_step& o, std::size_t count, const float* gradient, float* weights,
                float* velocity);

struct adam_step {
  float beta1, rest1; ///< rest1: 1 - beta1, which is not the same from a beta1 that is rounded
  float beta2, rest2;
  float eps;
  float weight_decay;       ///< Added to the gradient.
  float shrink;             ///< Weights are multiplied by it before: decoupled weight decay.
  float step_size;          ///< lr / (1 - beta1^t)
  float root_of_correction; ///< sqrt(1 - beta2^t)
};

/// As torch.optim.Adam and AdamW.
void adam_update(const adam_step& o, std::size_t count, const float* gradient, float* weights,
                 float* mean, float* square);

} // namespace troupe::fused
