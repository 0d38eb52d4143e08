// Made by names.py: the names of namespace xgrad, one by one. With a using-directive `using namespace torch;`
// would make nn both torch::nn and xgrad::nn.
#pragma once

// clang-format off
#define XGRAD_COMPAT_NAMES \
  using ::xgrad::ArrayRef; using ::xgrad::AutoGradMode; using ::xgrad::BFloat16; using ::xgrad::Device; \
  using ::xgrad::DeviceIndex; using ::xgrad::DeviceType; using ::xgrad::DimVector; using ::xgrad::Dtype; \
  using ::xgrad::DtypeInfo; using ::xgrad::DtypeKind; using ::xgrad::Error; using ::xgrad::Generator; \
  using ::xgrad::GradMode; using ::xgrad::Half; using ::xgrad::IValue; using ::xgrad::IndexError; \
  using ::xgrad::InferenceMode; using ::xgrad::InsideForAnother; using ::xgrad::IntArrayRef; \
  using ::xgrad::Layout; using ::xgrad::LinAlgError; using ::xgrad::MemoryFormat; using ::xgrad::Mutex; \
  using ::xgrad::NoFork; using ::xgrad::NoGradGuard; using ::xgrad::OneOf; \
  using ::xgrad::OptionalIntArrayRef; using ::xgrad::OrderedDict; using ::xgrad::PrintOptions; \
  using ::xgrad::PrintOptionsGuard; using ::xgrad::RefCount; using ::xgrad::SavedValue; \
  using ::xgrad::Scalar; using ::xgrad::ScalarType; using ::xgrad::ScalarTypeOf; using ::xgrad::Shared; \
  using ::xgrad::Storage; using ::xgrad::Tensor; using ::xgrad::TensorAccessor; using ::xgrad::TensorImpl; \
  using ::xgrad::TensorList; using ::xgrad::TensorOptions; using ::xgrad::TensorPrinter; \
  using ::xgrad::ThreadLocalState; using ::xgrad::ThreadLocalStateGuard; using ::xgrad::TypeError; \
  using ::xgrad::ValueError; using ::xgrad::WarningHandler; using ::xgrad::WarningPlace; \
  using ::xgrad::abs; using ::xgrad::abs_; using ::xgrad::acos; using ::xgrad::acos_; \
  using ::xgrad::acosh; using ::xgrad::acosh_; using ::xgrad::add; using ::xgrad::addbmm; \
  using ::xgrad::addcdiv; using ::xgrad::addcmul; using ::xgrad::addmm; using ::xgrad::addmv; \
  using ::xgrad::addr; using ::xgrad::all; using ::xgrad::allclose; using ::xgrad::amax; \
  using ::xgrad::amin; using ::xgrad::aminmax; using ::xgrad::angle; using ::xgrad::any; \
  using ::xgrad::append; using ::xgrad::arange; using ::xgrad::argmax; using ::xgrad::argmin; \
  using ::xgrad::argsort; using ::xgrad::argwhere; using ::xgrad::as_strided; \
  using ::xgrad::as_strided_scatter; using ::xgrad::asin; using ::xgrad::asin_; using ::xgrad::asinh; \
  using ::xgrad::asinh_; using ::xgrad::atan; using ::xgrad::atan2; using ::xgrad::atan_; \
  using ::xgrad::atanh; using ::xgrad::atanh_; using ::xgrad::atleast_1d; using ::xgrad::atleast_2d; \
  using ::xgrad::atleast_3d; using ::xgrad::baddbmm; using ::xgrad::bartlett_window; \
  using ::xgrad::bernoulli; using ::xgrad::binary_cross_entropy; \
  using ::xgrad::binary_cross_entropy_with_logits; using ::xgrad::bincount; using ::xgrad::bitwise_and; \
  using ::xgrad::bitwise_left_shift; using ::xgrad::bitwise_not; using ::xgrad::bitwise_or; \
  using ::xgrad::bitwise_right_shift; using ::xgrad::bitwise_xor; using ::xgrad::blackman_window; \
  using ::xgrad::block_diag; using ::xgrad::bmm; using ::xgrad::broadcast_shapes; \
  using ::xgrad::broadcast_sizes; using ::xgrad::broadcast_stride; using ::xgrad::broadcast_strides; \
  using ::xgrad::broadcast_tensors; using ::xgrad::broadcast_to; using ::xgrad::bucketize; \
  using ::xgrad::can_cast; using ::xgrad::cartesian_prod; using ::xgrad::cat; using ::xgrad::cdist; \
  using ::xgrad::ceil; using ::xgrad::ceil_; using ::xgrad::celu; using ::xgrad::celu_; \
  using ::xgrad::chain_matmul; using ::xgrad::check_number; using ::xgrad::checked_numel; \
  using ::xgrad::cholesky; using ::xgrad::chunk; using ::xgrad::clamp; using ::xgrad::clamp_max; \
  using ::xgrad::clamp_min; using ::xgrad::clone; using ::xgrad::column_stack; \
  using ::xgrad::combinations; using ::xgrad::compute_type; using ::xgrad::concat; \
  using ::xgrad::concatenate; using ::xgrad::constant_pad_nd; using ::xgrad::contiguous_strides; \
  using ::xgrad::copysign; using ::xgrad::corrcoef; using ::xgrad::cos; using ::xgrad::cos_; \
  using ::xgrad::cosh; using ::xgrad::cosh_; using ::xgrad::count_nonzero; using ::xgrad::cov; \
  using ::xgrad::cross; using ::xgrad::cross_entropy_loss; using ::xgrad::cummax; using ::xgrad::cummin; \
  using ::xgrad::cumprod; using ::xgrad::cumsum; using ::xgrad::cumulative_trapezoid; \
  using ::xgrad::default_generator; using ::xgrad::deg2rad; using ::xgrad::deg2rad_; using ::xgrad::det; \
  using ::xgrad::detach; using ::xgrad::device; using ::xgrad::diag; using ::xgrad::diag_embed; \
  using ::xgrad::diagflat; using ::xgrad::diagonal; using ::xgrad::diagonal_scatter; using ::xgrad::diff; \
  using ::xgrad::digamma; using ::xgrad::digamma_; using ::xgrad::dist; using ::xgrad::div; \
  using ::xgrad::divide_number; using ::xgrad::dot; using ::xgrad::dropout; using ::xgrad::dropout_; \
  using ::xgrad::dsplit; using ::xgrad::dstack; using ::xgrad::dtype; using ::xgrad::dtype_info; \
  using ::xgrad::dtype_name; using ::xgrad::einsum; using ::xgrad::element_size; using ::xgrad::elu; \
  using ::xgrad::elu_; using ::xgrad::embedding; using ::xgrad::embedding_renorm_; using ::xgrad::empty; \
  using ::xgrad::empty_like; using ::xgrad::eq; using ::xgrad::equal; using ::xgrad::erf; \
  using ::xgrad::erf_; using ::xgrad::erfc; using ::xgrad::erfc_; using ::xgrad::erfinv; \
  using ::xgrad::erfinv_; using ::xgrad::exp; using ::xgrad::exp2; using ::xgrad::exp2_; \
  using ::xgrad::exp_; using ::xgrad::expand; using ::xgrad::expm1; using ::xgrad::expm1_; \
  using ::xgrad::eye; using ::xgrad::fail; using ::xgrad::fail_size; using ::xgrad::fields_repr; \
  using ::xgrad::fill; using ::xgrad::flatten; using ::xgrad::flip; using ::xgrad::fliplr; \
  using ::xgrad::flipud; using ::xgrad::float_power; using ::xgrad::floor; using ::xgrad::floor_; \
  using ::xgrad::floor_divide; using ::xgrad::fmax; using ::xgrad::fmin; using ::xgrad::fmod; \
  using ::xgrad::fork_generation; using ::xgrad::frac; using ::xgrad::frac_; using ::xgrad::frexp; \
  using ::xgrad::from_blob; using ::xgrad::from_dict; using ::xgrad::full; using ::xgrad::full_like; \
  using ::xgrad::gather; using ::xgrad::gcd; using ::xgrad::ge; using ::xgrad::gelu; using ::xgrad::gelu_; \
  using ::xgrad::ger; using ::xgrad::get_default_dtype; using ::xgrad::get_num_threads; \
  using ::xgrad::get_printoptions; using ::xgrad::glu; using ::xgrad::gradient; using ::xgrad::gt; \
  using ::xgrad::hamming_window; using ::xgrad::hann_window; using ::xgrad::hardshrink; \
  using ::xgrad::hardshrink_; using ::xgrad::hardsigmoid; using ::xgrad::hardsigmoid_; \
  using ::xgrad::hardswish; using ::xgrad::hardswish_; using ::xgrad::hardtanh; using ::xgrad::hardtanh_; \
  using ::xgrad::heaviside; using ::xgrad::histc; using ::xgrad::histogram; using ::xgrad::histogramdd; \
  using ::xgrad::hsplit; using ::xgrad::hstack; using ::xgrad::huber_loss; using ::xgrad::hypot; \
  using ::xgrad::i0; using ::xgrad::i0_; using ::xgrad::igamma; using ::xgrad::igammac; \
  using ::xgrad::index; using ::xgrad::index_add; using ::xgrad::index_copy; using ::xgrad::index_fill; \
  using ::xgrad::index_put; using ::xgrad::index_put_; using ::xgrad::index_reduce; \
  using ::xgrad::index_select; using ::xgrad::inherit_fields; using ::xgrad::inner; \
  using ::xgrad::intrusive_ptr; using ::xgrad::inverse; using ::xgrad::is_floating_type; \
  using ::xgrad::is_integral_type; using ::xgrad::isfinite; using ::xgrad::isin; using ::xgrad::isinf; \
  using ::xgrad::isnan; using ::xgrad::isneginf; using ::xgrad::isposinf; using ::xgrad::kBFloat16; \
  using ::xgrad::kBatchMean; using ::xgrad::kBool; using ::xgrad::kByte; using ::xgrad::kCPU; \
  using ::xgrad::kCUDA; using ::xgrad::kChar; using ::xgrad::kConv1D; using ::xgrad::kConv2D; \
  using ::xgrad::kConv3D; using ::xgrad::kConvTranspose1D; using ::xgrad::kConvTranspose2D; \
  using ::xgrad::kConvTranspose3D; using ::xgrad::kDouble; using ::xgrad::kDtypeCount; \
  using ::xgrad::kF16; using ::xgrad::kF32; using ::xgrad::kF64; using ::xgrad::kFanIn; \
  using ::xgrad::kFanOut; using ::xgrad::kFloat; using ::xgrad::kFloat16; using ::xgrad::kFloat32; \
  using ::xgrad::kFloat64; using ::xgrad::kHalf; using ::xgrad::kI16; using ::xgrad::kI32; \
  using ::xgrad::kI64; using ::xgrad::kI8; using ::xgrad::kInt; using ::xgrad::kInt16; \
  using ::xgrad::kInt32; using ::xgrad::kInt64; using ::xgrad::kInt8; using ::xgrad::kLeakyReLU; \
  using ::xgrad::kLinear; using ::xgrad::kLong; using ::xgrad::kMaxElements; using ::xgrad::kMean; \
  using ::xgrad::kNone; using ::xgrad::kReLU; using ::xgrad::kSELU; using ::xgrad::kShort; \
  using ::xgrad::kSigmoid; using ::xgrad::kStrided; using ::xgrad::kSum; using ::xgrad::kTanh; \
  using ::xgrad::kU8; using ::xgrad::kUInt8; using ::xgrad::kron; using ::xgrad::kthvalue; \
  using ::xgrad::l1_loss; using ::xgrad::layer_norm; using ::xgrad::layout; using ::xgrad::lcm; \
  using ::xgrad::ldexp; using ::xgrad::le; using ::xgrad::leaky_relu; using ::xgrad::leaky_relu_; \
  using ::xgrad::lerp; using ::xgrad::lgamma; using ::xgrad::lgamma_; using ::xgrad::linear; \
  using ::xgrad::linspace; using ::xgrad::log; using ::xgrad::log10; using ::xgrad::log10_; \
  using ::xgrad::log1p; using ::xgrad::log1p_; using ::xgrad::log2; using ::xgrad::log2_; \
  using ::xgrad::log_; using ::xgrad::log_sigmoid; using ::xgrad::log_sigmoid_; \
  using ::xgrad::log_softmax; using ::xgrad::logaddexp; using ::xgrad::logaddexp2; \
  using ::xgrad::logcumsumexp; using ::xgrad::logdet; using ::xgrad::logical_and; \
  using ::xgrad::logical_not; using ::xgrad::logical_or; using ::xgrad::logical_xor; using ::xgrad::logit; \
  using ::xgrad::logsumexp; using ::xgrad::lstm_cell; using ::xgrad::lt; using ::xgrad::make_generator; \
  using ::xgrad::manual_seed; using ::xgrad::masked_fill; using ::xgrad::masked_scatter; \
  using ::xgrad::masked_select; using ::xgrad::matmul; using ::xgrad::matrix_power; using ::xgrad::max; \
  using ::xgrad::maximum; using ::xgrad::mean; using ::xgrad::median; using ::xgrad::meshgrid; \
  using ::xgrad::min; using ::xgrad::minimum; using ::xgrad::mish; using ::xgrad::mish_; \
  using ::xgrad::mm; using ::xgrad::mode; using ::xgrad::moveaxis; using ::xgrad::movedim; \
  using ::xgrad::mse_loss; using ::xgrad::msort; using ::xgrad::mul; using ::xgrad::multinomial; \
  using ::xgrad::mv; using ::xgrad::mvlgamma; using ::xgrad::nan_to_num; using ::xgrad::nanmean; \
  using ::xgrad::nanmedian; using ::xgrad::nanquantile; using ::xgrad::nansum; using ::xgrad::narrow; \
  using ::xgrad::narrow_copy; using ::xgrad::native_layer_norm; using ::xgrad::ne; using ::xgrad::neg; \
  using ::xgrad::neg_; using ::xgrad::nextafter; using ::xgrad::nll_loss; using ::xgrad::nll_loss_nd; \
  using ::xgrad::nonzero; using ::xgrad::nonzero_numpy; using ::xgrad::norm; using ::xgrad::normal; \
  using ::xgrad::nullopt; using ::xgrad::numel_of; using ::xgrad::one_hot; using ::xgrad::ones; \
  using ::xgrad::ones_like; using ::xgrad::optional; using ::xgrad::outer; using ::xgrad::parallel_for; \
  using ::xgrad::pdist; using ::xgrad::permute; using ::xgrad::pinverse; using ::xgrad::polygamma; \
  using ::xgrad::positive; using ::xgrad::pow; using ::xgrad::prelu; using ::xgrad::prod; \
  using ::xgrad::promote_types; using ::xgrad::put; using ::xgrad::qr; using ::xgrad::quantile; \
  using ::xgrad::rad2deg; using ::xgrad::rad2deg_; using ::xgrad::rand; using ::xgrad::rand_like; \
  using ::xgrad::randint; using ::xgrad::randint_like; using ::xgrad::randn; using ::xgrad::randn_like; \
  using ::xgrad::randperm; using ::xgrad::ravel; using ::xgrad::reciprocal; using ::xgrad::reciprocal_; \
  using ::xgrad::relu; using ::xgrad::relu6; using ::xgrad::relu6_; using ::xgrad::relu_; \
  using ::xgrad::remainder; using ::xgrad::renorm; using ::xgrad::repeat; \
  using ::xgrad::repeat_interleave; using ::xgrad::requires_grad; using ::xgrad::reshape; \
  using ::xgrad::result_type; using ::xgrad::roll; using ::xgrad::rot90; using ::xgrad::round; \
  using ::xgrad::round_; using ::xgrad::row_stack; using ::xgrad::rsqrt; using ::xgrad::rsqrt_; \
  using ::xgrad::rsub; using ::xgrad::scalar_tensor; using ::xgrad::scalar_type_of; \
  using ::xgrad::scatter; using ::xgrad::scatter_add; using ::xgrad::scatter_reduce; \
  using ::xgrad::searchsorted; using ::xgrad::segment_reduce; using ::xgrad::select; \
  using ::xgrad::select_scatter; using ::xgrad::selu; using ::xgrad::selu_; \
  using ::xgrad::set_default_dtype; using ::xgrad::set_num_threads; using ::xgrad::set_printoptions; \
  using ::xgrad::set_tensor_printer; using ::xgrad::set_warning_handler; using ::xgrad::sigmoid; \
  using ::xgrad::sigmoid_; using ::xgrad::sign; using ::xgrad::sign_; using ::xgrad::signbit; \
  using ::xgrad::silu; using ::xgrad::silu_; using ::xgrad::sin; using ::xgrad::sin_; using ::xgrad::sinc; \
  using ::xgrad::sinc_; using ::xgrad::sinh; using ::xgrad::sinh_; using ::xgrad::slice; \
  using ::xgrad::slice_scatter; using ::xgrad::slogdet; using ::xgrad::smooth_l1_loss; \
  using ::xgrad::softmax; using ::xgrad::softplus; using ::xgrad::softplus_; using ::xgrad::softshrink; \
  using ::xgrad::softshrink_; using ::xgrad::sort; using ::xgrad::special_airy_ai; \
  using ::xgrad::special_bessel_j0; using ::xgrad::special_bessel_j1; using ::xgrad::special_bessel_y0; \
  using ::xgrad::special_bessel_y1; using ::xgrad::special_chebyshev_polynomial_t; \
  using ::xgrad::special_chebyshev_polynomial_u; using ::xgrad::special_chebyshev_polynomial_v; \
  using ::xgrad::special_chebyshev_polynomial_w; using ::xgrad::special_entr; \
  using ::xgrad::special_erfcx; using ::xgrad::special_hermite_polynomial_h; \
  using ::xgrad::special_hermite_polynomial_he; using ::xgrad::special_i0e; using ::xgrad::special_i1; \
  using ::xgrad::special_i1e; using ::xgrad::special_laguerre_polynomial_l; \
  using ::xgrad::special_legendre_polynomial_p; using ::xgrad::special_log_ndtr; \
  using ::xgrad::special_modified_bessel_i0; using ::xgrad::special_modified_bessel_i1; \
  using ::xgrad::special_modified_bessel_k0; using ::xgrad::special_modified_bessel_k1; \
  using ::xgrad::special_ndtr; using ::xgrad::special_ndtri; \
  using ::xgrad::special_scaled_modified_bessel_k0; using ::xgrad::special_scaled_modified_bessel_k1; \
  using ::xgrad::special_shifted_chebyshev_polynomial_t; \
  using ::xgrad::special_shifted_chebyshev_polynomial_u; \
  using ::xgrad::special_shifted_chebyshev_polynomial_v; \
  using ::xgrad::special_shifted_chebyshev_polynomial_w; using ::xgrad::special_spherical_bessel_j0; \
  using ::xgrad::special_zeta; using ::xgrad::split; using ::xgrad::split_with_sizes; using ::xgrad::sqrt; \
  using ::xgrad::sqrt_; using ::xgrad::square; using ::xgrad::square_; using ::xgrad::squeeze; \
  using ::xgrad::stack; using ::xgrad::std; using ::xgrad::std_mean; using ::xgrad::sub; \
  using ::xgrad::sum; using ::xgrad::sum_to_size; using ::xgrad::svd; using ::xgrad::swapaxes; \
  using ::xgrad::swapdims; using ::xgrad::t; using ::xgrad::take; using ::xgrad::take_along_dim; \
  using ::xgrad::tan; using ::xgrad::tan_; using ::xgrad::tanh; using ::xgrad::tanh_; \
  using ::xgrad::tensor; using ::xgrad::tensor_split; using ::xgrad::tensordot; using ::xgrad::threshold; \
  using ::xgrad::threshold_; using ::xgrad::tile; using ::xgrad::times_stride; using ::xgrad::to_dict; \
  using ::xgrad::topk; using ::xgrad::trace; using ::xgrad::transpose; using ::xgrad::trapezoid; \
  using ::xgrad::trapz; using ::xgrad::triangular_solve; using ::xgrad::tril; using ::xgrad::tril_indices; \
  using ::xgrad::triu; using ::xgrad::triu_indices; using ::xgrad::trunc; using ::xgrad::trunc_; \
  using ::xgrad::unbind; using ::xgrad::unflatten; using ::xgrad::unique; \
  using ::xgrad::unique_consecutive; using ::xgrad::unique_dim; using ::xgrad::unique_dim_consecutive; \
  using ::xgrad::unsqueeze; using ::xgrad::var; using ::xgrad::var_mean; using ::xgrad::vdot; \
  using ::xgrad::vsplit; using ::xgrad::vstack; using ::xgrad::warn; using ::xgrad::where; \
  using ::xgrad::wrap_dim; using ::xgrad::xlog1py; using ::xgrad::xlogy; using ::xgrad::zeros; \
  using ::xgrad::zeros_like;
