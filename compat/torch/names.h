// Made by names.py: the names of xgrad's namespaces, one by one. With a using-directive `using namespace
// torch;` would make nn both torch::nn and xgrad::nn, and that of torch::nn functional both theirs.
#pragma once

// clang-format off
#define XGRAD_COMPAT_NAMES \
  using ::xgrad::ArrayRef; using ::xgrad::AutoGradMode; using ::xgrad::BFloat16; \
  using ::xgrad::Checkpoint; using ::xgrad::DeprecatedTypeProperties; using ::xgrad::Device; \
  using ::xgrad::DeviceIndex; using ::xgrad::DeviceType; using ::xgrad::DimVector; using ::xgrad::Dtype; \
  using ::xgrad::DtypeInfo; using ::xgrad::DtypeKind; using ::xgrad::DtypeNames; using ::xgrad::Error; \
  using ::xgrad::ExpandingArray; using ::xgrad::ExpandingArrayWithOptionalElem; using ::xgrad::Generator; \
  using ::xgrad::GenericDict; using ::xgrad::GradMode; using ::xgrad::Half; using ::xgrad::IValue; \
  using ::xgrad::IndexError; using ::xgrad::InferenceMode; using ::xgrad::InsideForAnother; \
  using ::xgrad::IntArrayRef; using ::xgrad::Layout; using ::xgrad::LinAlgError; \
  using ::xgrad::MemoryFormat; using ::xgrad::Mutex; using ::xgrad::NoFork; using ::xgrad::NoGradGuard; \
  using ::xgrad::OneOf; using ::xgrad::OptionalIntArrayRef; using ::xgrad::OrderedDict; \
  using ::xgrad::PackedTensorAccessor; using ::xgrad::PackedTensorAccessor32; \
  using ::xgrad::PackedTensorAccessor64; using ::xgrad::PrintOptions; using ::xgrad::PrintOptionsGuard; \
  using ::xgrad::RefCount; using ::xgrad::SafetensorsMetadata; using ::xgrad::SavedValue; \
  using ::xgrad::Scalar; using ::xgrad::ScalarType; using ::xgrad::ScalarTypeOf; using ::xgrad::Shared; \
  using ::xgrad::Storage; using ::xgrad::StorageImpl; using ::xgrad::Tensor; \
  using ::xgrad::TensorAccessor; using ::xgrad::TensorImpl; using ::xgrad::TensorInfo; \
  using ::xgrad::TensorList; using ::xgrad::TensorOptions; using ::xgrad::TensorPrinter; \
  using ::xgrad::ThreadLocalState; using ::xgrad::ThreadLocalStateGuard; using ::xgrad::TypeError; \
  using ::xgrad::ValueError; using ::xgrad::WarningHandler; using ::xgrad::WarningPlace; \
  using ::xgrad::abs; using ::xgrad::abs_; using ::xgrad::abs_out; using ::xgrad::absolute; \
  using ::xgrad::absolute_; using ::xgrad::absolute_out; using ::xgrad::acos; using ::xgrad::acos_; \
  using ::xgrad::acos_out; using ::xgrad::acosh; using ::xgrad::acosh_; using ::xgrad::acosh_out; \
  using ::xgrad::adaptive_avg_pool1d; using ::xgrad::adaptive_avg_pool2d; \
  using ::xgrad::adaptive_avg_pool2d_out; using ::xgrad::adaptive_avg_pool3d; \
  using ::xgrad::adaptive_avg_pool3d_out; using ::xgrad::adaptive_max_pool1d; \
  using ::xgrad::adaptive_max_pool2d; using ::xgrad::adaptive_max_pool2d_out; \
  using ::xgrad::adaptive_max_pool3d; using ::xgrad::adaptive_max_pool3d_out; using ::xgrad::add; \
  using ::xgrad::add_out; using ::xgrad::addbmm; using ::xgrad::addbmm_out; using ::xgrad::addcdiv; \
  using ::xgrad::addcdiv_out; using ::xgrad::addcmul; using ::xgrad::addcmul_out; using ::xgrad::addmm; \
  using ::xgrad::addmm_out; using ::xgrad::addmv; using ::xgrad::addmv_; using ::xgrad::addmv_out; \
  using ::xgrad::addr; using ::xgrad::addr_out; using ::xgrad::adjoint; \
  using ::xgrad::affine_grid_generator; using ::xgrad::all; using ::xgrad::all_out; \
  using ::xgrad::allclose; using ::xgrad::alpha_dropout; using ::xgrad::alpha_dropout_; \
  using ::xgrad::amax; using ::xgrad::amax_out; using ::xgrad::amin; using ::xgrad::amin_out; \
  using ::xgrad::aminmax; using ::xgrad::aminmax_out; using ::xgrad::angle; using ::xgrad::any; \
  using ::xgrad::any_out; using ::xgrad::append; using ::xgrad::arange; using ::xgrad::arange_out; \
  using ::xgrad::arccos; using ::xgrad::arccos_; using ::xgrad::arccos_out; using ::xgrad::arccosh; \
  using ::xgrad::arccosh_; using ::xgrad::arccosh_out; using ::xgrad::arcsin; using ::xgrad::arcsin_; \
  using ::xgrad::arcsin_out; using ::xgrad::arcsinh; using ::xgrad::arcsinh_; using ::xgrad::arcsinh_out; \
  using ::xgrad::arctan; using ::xgrad::arctan2; using ::xgrad::arctan2_; using ::xgrad::arctan2_out; \
  using ::xgrad::arctan_; using ::xgrad::arctan_out; using ::xgrad::arctanh; using ::xgrad::arctanh_; \
  using ::xgrad::arctanh_out; using ::xgrad::argmax; using ::xgrad::argmax_out; using ::xgrad::argmin; \
  using ::xgrad::argmin_out; using ::xgrad::argsort; using ::xgrad::argsort_out; using ::xgrad::argwhere; \
  using ::xgrad::as_strided; using ::xgrad::as_strided_; using ::xgrad::as_strided_scatter; \
  using ::xgrad::asin; using ::xgrad::asin_; using ::xgrad::asin_out; using ::xgrad::asinh; \
  using ::xgrad::asinh_; using ::xgrad::asinh_out; using ::xgrad::atan; using ::xgrad::atan2; \
  using ::xgrad::atan2_out; using ::xgrad::atan_; using ::xgrad::atan_out; using ::xgrad::atanh; \
  using ::xgrad::atanh_; using ::xgrad::atanh_out; using ::xgrad::atleast_1d; using ::xgrad::atleast_2d; \
  using ::xgrad::atleast_3d; using ::xgrad::avg_pool1d; using ::xgrad::avg_pool2d; \
  using ::xgrad::avg_pool2d_out; using ::xgrad::avg_pool3d; using ::xgrad::avg_pool3d_out; \
  using ::xgrad::baddbmm; using ::xgrad::baddbmm_out; using ::xgrad::bartlett_window; \
  using ::xgrad::batch_norm; using ::xgrad::bernoulli; using ::xgrad::bernoulli_out; \
  using ::xgrad::bilinear; using ::xgrad::binary_cross_entropy; using ::xgrad::binary_cross_entropy_out; \
  using ::xgrad::binary_cross_entropy_with_logits; using ::xgrad::bincount; using ::xgrad::bincount_out; \
  using ::xgrad::binomial; using ::xgrad::binomial_out; using ::xgrad::bitwise_and; \
  using ::xgrad::bitwise_and_out; using ::xgrad::bitwise_left_shift; \
  using ::xgrad::bitwise_left_shift_out; using ::xgrad::bitwise_not; using ::xgrad::bitwise_not_out; \
  using ::xgrad::bitwise_or; using ::xgrad::bitwise_or_out; using ::xgrad::bitwise_right_shift; \
  using ::xgrad::bitwise_right_shift_out; using ::xgrad::bitwise_xor; using ::xgrad::bitwise_xor_out; \
  using ::xgrad::blackman_window; using ::xgrad::block_diag; using ::xgrad::bmm; using ::xgrad::bmm_out; \
  using ::xgrad::broadcast_shapes; using ::xgrad::broadcast_sizes; using ::xgrad::broadcast_stride; \
  using ::xgrad::broadcast_strides; using ::xgrad::broadcast_tensors; using ::xgrad::broadcast_to; \
  using ::xgrad::bucketize; using ::xgrad::bucketize_out; using ::xgrad::can_cast; \
  using ::xgrad::cartesian_prod; using ::xgrad::cat; using ::xgrad::cat_out; using ::xgrad::cdist; \
  using ::xgrad::ceil; using ::xgrad::ceil_; using ::xgrad::ceil_out; using ::xgrad::celu; \
  using ::xgrad::celu_; using ::xgrad::chain_matmul; using ::xgrad::chain_matmul_out; \
  using ::xgrad::channel_shuffle; using ::xgrad::check_number; using ::xgrad::checked_numel; \
  using ::xgrad::cholesky; using ::xgrad::cholesky_inverse; using ::xgrad::cholesky_inverse_out; \
  using ::xgrad::cholesky_out; using ::xgrad::cholesky_solve; using ::xgrad::cholesky_solve_out; \
  using ::xgrad::chunk; using ::xgrad::clamp; using ::xgrad::clamp_; using ::xgrad::clamp_max; \
  using ::xgrad::clamp_max_; using ::xgrad::clamp_max_out; using ::xgrad::clamp_min; \
  using ::xgrad::clamp_min_; using ::xgrad::clamp_min_out; using ::xgrad::clamp_out; using ::xgrad::clip; \
  using ::xgrad::clip_; using ::xgrad::clip_out; using ::xgrad::clone; using ::xgrad::col2im; \
  using ::xgrad::column_stack; using ::xgrad::column_stack_out; using ::xgrad::combinations; \
  using ::xgrad::compute_type; using ::xgrad::concat; using ::xgrad::concat_out; \
  using ::xgrad::concatenate; using ::xgrad::concatenate_out; using ::xgrad::conj; \
  using ::xgrad::constant_pad_nd; using ::xgrad::constant_pad_nd_out; using ::xgrad::contiguous_strides; \
  using ::xgrad::conv1d; using ::xgrad::conv2d; using ::xgrad::conv3d; using ::xgrad::conv_transpose1d; \
  using ::xgrad::conv_transpose2d; using ::xgrad::conv_transpose3d; using ::xgrad::convolution; \
  using ::xgrad::copysign; using ::xgrad::copysign_out; using ::xgrad::corrcoef; using ::xgrad::cos; \
  using ::xgrad::cos_; using ::xgrad::cos_out; using ::xgrad::cosh; using ::xgrad::cosh_; \
  using ::xgrad::cosh_out; using ::xgrad::cosine_embedding_loss; using ::xgrad::cosine_similarity; \
  using ::xgrad::count_nonzero; using ::xgrad::count_nonzero_out; using ::xgrad::cov; \
  using ::xgrad::cross; using ::xgrad::cross_entropy_loss; using ::xgrad::cross_out; \
  using ::xgrad::ctc_loss; using ::xgrad::cummax; using ::xgrad::cummax_out; using ::xgrad::cummin; \
  using ::xgrad::cummin_out; using ::xgrad::cumprod; using ::xgrad::cumprod_out; using ::xgrad::cumsum; \
  using ::xgrad::cumsum_out; using ::xgrad::cumulative_trapezoid; using ::xgrad::default_generator; \
  using ::xgrad::deg2rad; using ::xgrad::deg2rad_; using ::xgrad::deg2rad_out; using ::xgrad::det; \
  using ::xgrad::detach; using ::xgrad::device; using ::xgrad::diag; using ::xgrad::diag_embed; \
  using ::xgrad::diag_out; using ::xgrad::diagflat; using ::xgrad::diagonal; \
  using ::xgrad::diagonal_scatter; using ::xgrad::diff; using ::xgrad::diff_out; using ::xgrad::digamma; \
  using ::xgrad::digamma_; using ::xgrad::digamma_out; using ::xgrad::dist; using ::xgrad::dist_out; \
  using ::xgrad::div; using ::xgrad::div_out; using ::xgrad::divide; using ::xgrad::divide_; \
  using ::xgrad::divide_number; using ::xgrad::divide_out; using ::xgrad::dot; using ::xgrad::dot_out; \
  using ::xgrad::dropout; using ::xgrad::dropout_; using ::xgrad::dsplit; using ::xgrad::dstack; \
  using ::xgrad::dstack_out; using ::xgrad::dtype; using ::xgrad::dtype_info; using ::xgrad::dtype_name; \
  using ::xgrad::einsum; using ::xgrad::element_size; using ::xgrad::elu; using ::xgrad::elu_; \
  using ::xgrad::elu_out; using ::xgrad::embedding; using ::xgrad::embedding_out; \
  using ::xgrad::embedding_renorm_; using ::xgrad::empty; using ::xgrad::empty_like; \
  using ::xgrad::empty_out; using ::xgrad::empty_strided; using ::xgrad::eq; using ::xgrad::eq_out; \
  using ::xgrad::equal; using ::xgrad::erf; using ::xgrad::erf_; using ::xgrad::erf_out; \
  using ::xgrad::erfc; using ::xgrad::erfc_; using ::xgrad::erfc_out; using ::xgrad::erfinv; \
  using ::xgrad::erfinv_; using ::xgrad::erfinv_out; using ::xgrad::exp; using ::xgrad::exp2; \
  using ::xgrad::exp2_; using ::xgrad::exp2_out; using ::xgrad::exp_; using ::xgrad::exp_out; \
  using ::xgrad::expand; using ::xgrad::expm1; using ::xgrad::expm1_; using ::xgrad::expm1_out; \
  using ::xgrad::eye; using ::xgrad::eye_out; using ::xgrad::fail; using ::xgrad::fail_size; \
  using ::xgrad::feature_alpha_dropout; using ::xgrad::feature_alpha_dropout_; \
  using ::xgrad::feature_dropout; using ::xgrad::feature_dropout_; using ::xgrad::fields_repr; \
  using ::xgrad::fill; using ::xgrad::fill_; using ::xgrad::finfo; using ::xgrad::fix; \
  using ::xgrad::fix_; using ::xgrad::fix_out; using ::xgrad::flatten; using ::xgrad::flip; \
  using ::xgrad::flip_out; using ::xgrad::fliplr; using ::xgrad::flipud; using ::xgrad::float_power; \
  using ::xgrad::float_power_out; using ::xgrad::floor; using ::xgrad::floor_; \
  using ::xgrad::floor_divide; using ::xgrad::floor_divide_out; using ::xgrad::floor_out; \
  using ::xgrad::fmax; using ::xgrad::fmax_out; using ::xgrad::fmin; using ::xgrad::fmin_out; \
  using ::xgrad::fmod; using ::xgrad::fmod_out; using ::xgrad::fork_generation; using ::xgrad::frac; \
  using ::xgrad::frac_; using ::xgrad::frac_out; using ::xgrad::fractional_max_pool2d; \
  using ::xgrad::fractional_max_pool3d; using ::xgrad::frexp; using ::xgrad::frexp_out; \
  using ::xgrad::fromDLPack; using ::xgrad::fromDLPackVersioned; using ::xgrad::from_blob; \
  using ::xgrad::from_dict; using ::xgrad::full; using ::xgrad::full_like; using ::xgrad::full_out; \
  using ::xgrad::gather; using ::xgrad::gather_out; using ::xgrad::gcd; using ::xgrad::gcd_; \
  using ::xgrad::gcd_out; using ::xgrad::ge; using ::xgrad::ge_out; using ::xgrad::gelu; \
  using ::xgrad::gelu_; using ::xgrad::gelu_out; using ::xgrad::geqrf; using ::xgrad::geqrf_out; \
  using ::xgrad::ger; using ::xgrad::ger_out; using ::xgrad::get_default_dtype; \
  using ::xgrad::get_num_threads; using ::xgrad::get_printoptions; using ::xgrad::glu; \
  using ::xgrad::glu_out; using ::xgrad::gradient; using ::xgrad::greater; using ::xgrad::greater_; \
  using ::xgrad::greater_equal; using ::xgrad::greater_equal_; using ::xgrad::greater_equal_out; \
  using ::xgrad::greater_out; using ::xgrad::grid_sampler; using ::xgrad::group_norm; using ::xgrad::gru; \
  using ::xgrad::gru_cell; using ::xgrad::gt; using ::xgrad::gt_out; using ::xgrad::hamming_window; \
  using ::xgrad::hann_window; using ::xgrad::hardshrink; using ::xgrad::hardshrink_; \
  using ::xgrad::hardshrink_out; using ::xgrad::hardsigmoid; using ::xgrad::hardsigmoid_; \
  using ::xgrad::hardsigmoid_out; using ::xgrad::hardswish; using ::xgrad::hardswish_; \
  using ::xgrad::hardswish_out; using ::xgrad::hardtanh; using ::xgrad::hardtanh_; \
  using ::xgrad::hardtanh_out; using ::xgrad::heaviside; using ::xgrad::heaviside_out; \
  using ::xgrad::hinge_embedding_loss; using ::xgrad::histc; using ::xgrad::histc_out; \
  using ::xgrad::histogram; using ::xgrad::histogram_out; using ::xgrad::histogramdd; \
  using ::xgrad::hsplit; using ::xgrad::hstack; using ::xgrad::hstack_out; using ::xgrad::huber_loss; \
  using ::xgrad::huber_loss_out; using ::xgrad::hypot; using ::xgrad::hypot_out; using ::xgrad::i0; \
  using ::xgrad::i0_; using ::xgrad::i0_out; using ::xgrad::igamma; using ::xgrad::igamma_out; \
  using ::xgrad::igammac; using ::xgrad::igammac_out; using ::xgrad::iinfo; using ::xgrad::im2col; \
  using ::xgrad::index; using ::xgrad::index_add; using ::xgrad::index_add_out; using ::xgrad::index_copy; \
  using ::xgrad::index_copy_out; using ::xgrad::index_fill; using ::xgrad::index_fill_out; \
  using ::xgrad::index_put; using ::xgrad::index_put_; using ::xgrad::index_reduce; \
  using ::xgrad::index_reduce_out; using ::xgrad::index_select; using ::xgrad::index_select_out; \
  using ::xgrad::inherit_fields; using ::xgrad::inner; using ::xgrad::inner_out; using ::xgrad::inspect; \
  using ::xgrad::instance_norm; using ::xgrad::intrusive_ptr; using ::xgrad::inverse; \
  using ::xgrad::inverse_out; using ::xgrad::is_floating_type; using ::xgrad::is_integral_type; \
  using ::xgrad::isclose; using ::xgrad::isfinite; using ::xgrad::isin; using ::xgrad::isin_out; \
  using ::xgrad::isinf; using ::xgrad::isnan; using ::xgrad::isneginf; using ::xgrad::isneginf_out; \
  using ::xgrad::isposinf; using ::xgrad::isposinf_out; using ::xgrad::isreal; using ::xgrad::kArea; \
  using ::xgrad::kBFloat16; using ::xgrad::kBatchMean; using ::xgrad::kBicubic; using ::xgrad::kBilinear; \
  using ::xgrad::kBool; using ::xgrad::kBorder; using ::xgrad::kByte; using ::xgrad::kCPU; \
  using ::xgrad::kCUDA; using ::xgrad::kChar; using ::xgrad::kCircular; using ::xgrad::kConstant; \
  using ::xgrad::kConv1D; using ::xgrad::kConv2D; using ::xgrad::kConv3D; using ::xgrad::kConvTranspose1D; \
  using ::xgrad::kConvTranspose2D; using ::xgrad::kConvTranspose3D; using ::xgrad::kDouble; \
  using ::xgrad::kDtypeCount; using ::xgrad::kF16; using ::xgrad::kF32; using ::xgrad::kF64; \
  using ::xgrad::kFanIn; using ::xgrad::kFanOut; using ::xgrad::kFloat; using ::xgrad::kFloat16; \
  using ::xgrad::kFloat32; using ::xgrad::kFloat64; using ::xgrad::kGELU; using ::xgrad::kHalf; \
  using ::xgrad::kI16; using ::xgrad::kI32; using ::xgrad::kI64; using ::xgrad::kI8; using ::xgrad::kInt; \
  using ::xgrad::kInt16; using ::xgrad::kInt32; using ::xgrad::kInt64; using ::xgrad::kInt8; \
  using ::xgrad::kLanczos; using ::xgrad::kLeakyReLU; using ::xgrad::kLinear; using ::xgrad::kLong; \
  using ::xgrad::kMax; using ::xgrad::kMaxElements; using ::xgrad::kMean; using ::xgrad::kNearest; \
  using ::xgrad::kNearestExact; using ::xgrad::kNone; using ::xgrad::kReLU; using ::xgrad::kReflect; \
  using ::xgrad::kReflection; using ::xgrad::kReplicate; using ::xgrad::kSELU; using ::xgrad::kSame; \
  using ::xgrad::kShort; using ::xgrad::kSigmoid; using ::xgrad::kStrided; using ::xgrad::kSum; \
  using ::xgrad::kTanh; using ::xgrad::kTrilinear; using ::xgrad::kU8; using ::xgrad::kUInt8; \
  using ::xgrad::kValid; using ::xgrad::kZeros; using ::xgrad::kaiser_window; using ::xgrad::kl_div; \
  using ::xgrad::kron; using ::xgrad::kron_out; using ::xgrad::kthvalue; using ::xgrad::kthvalue_out; \
  using ::xgrad::l1_loss; using ::xgrad::layer_norm; using ::xgrad::layout; using ::xgrad::lcm; \
  using ::xgrad::lcm_; using ::xgrad::lcm_out; using ::xgrad::ldexp; using ::xgrad::ldexp_; \
  using ::xgrad::ldexp_out; using ::xgrad::le; using ::xgrad::le_out; using ::xgrad::leaky_relu; \
  using ::xgrad::leaky_relu_; using ::xgrad::leaky_relu_out; using ::xgrad::lerp; using ::xgrad::lerp_out; \
  using ::xgrad::less; using ::xgrad::less_; using ::xgrad::less_equal; using ::xgrad::less_equal_; \
  using ::xgrad::less_equal_out; using ::xgrad::less_out; using ::xgrad::lgamma; using ::xgrad::lgamma_; \
  using ::xgrad::lgamma_out; using ::xgrad::linear; using ::xgrad::linear_out; using ::xgrad::linspace; \
  using ::xgrad::linspace_out; using ::xgrad::load; using ::xgrad::load_npy; using ::xgrad::load_npz; \
  using ::xgrad::load_safetensors; using ::xgrad::load_safetensors_metadata; \
  using ::xgrad::local_response_norm; using ::xgrad::log; using ::xgrad::log10; using ::xgrad::log10_; \
  using ::xgrad::log10_out; using ::xgrad::log1p; using ::xgrad::log1p_; using ::xgrad::log1p_out; \
  using ::xgrad::log2; using ::xgrad::log2_; using ::xgrad::log2_out; using ::xgrad::log_; \
  using ::xgrad::log_out; using ::xgrad::log_sigmoid; using ::xgrad::log_sigmoid_; \
  using ::xgrad::log_sigmoid_out; using ::xgrad::log_softmax; using ::xgrad::log_softmax_out; \
  using ::xgrad::logaddexp; using ::xgrad::logaddexp2; using ::xgrad::logaddexp2_out; \
  using ::xgrad::logaddexp_out; using ::xgrad::logcumsumexp; using ::xgrad::logcumsumexp_out; \
  using ::xgrad::logdet; using ::xgrad::logical_and; using ::xgrad::logical_and_out; \
  using ::xgrad::logical_not; using ::xgrad::logical_not_out; using ::xgrad::logical_or; \
  using ::xgrad::logical_or_out; using ::xgrad::logical_xor; using ::xgrad::logical_xor_out; \
  using ::xgrad::logit; using ::xgrad::logit_; using ::xgrad::logit_out; using ::xgrad::logspace; \
  using ::xgrad::logspace_out; using ::xgrad::logsumexp; using ::xgrad::logsumexp_out; \
  using ::xgrad::lstm; using ::xgrad::lstm_cell; using ::xgrad::lt; using ::xgrad::lt_out; \
  using ::xgrad::lu_solve; using ::xgrad::lu_solve_out; using ::xgrad::lu_unpack; \
  using ::xgrad::lu_unpack_out; using ::xgrad::make_generator; using ::xgrad::manual_seed; \
  using ::xgrad::margin_ranking_loss; using ::xgrad::masked_fill; using ::xgrad::masked_scatter; \
  using ::xgrad::masked_select; using ::xgrad::masked_select_out; using ::xgrad::matmul; \
  using ::xgrad::matmul_out; using ::xgrad::matrix_exp; using ::xgrad::matrix_power; \
  using ::xgrad::matrix_power_out; using ::xgrad::max; using ::xgrad::max_out; using ::xgrad::max_pool1d; \
  using ::xgrad::max_pool1d_with_indices; using ::xgrad::max_pool2d; \
  using ::xgrad::max_pool2d_with_indices; using ::xgrad::max_pool2d_with_indices_out; \
  using ::xgrad::max_pool3d; using ::xgrad::max_pool3d_with_indices; \
  using ::xgrad::max_pool3d_with_indices_out; using ::xgrad::max_unpool2d; using ::xgrad::max_unpool3d; \
  using ::xgrad::maximum; using ::xgrad::maximum_out; using ::xgrad::mean; using ::xgrad::mean_out; \
  using ::xgrad::median; using ::xgrad::median_out; using ::xgrad::meshgrid; using ::xgrad::min; \
  using ::xgrad::min_out; using ::xgrad::minimum; using ::xgrad::minimum_out; using ::xgrad::mish; \
  using ::xgrad::mish_; using ::xgrad::mish_out; using ::xgrad::mm; using ::xgrad::mm_out; \
  using ::xgrad::mode; using ::xgrad::mode_out; using ::xgrad::moveaxis; using ::xgrad::movedim; \
  using ::xgrad::mse_loss; using ::xgrad::mse_loss_out; using ::xgrad::msort; using ::xgrad::msort_out; \
  using ::xgrad::mul; using ::xgrad::mul_out; using ::xgrad::multi_margin_loss; \
  using ::xgrad::multi_margin_loss_out; using ::xgrad::multilabel_margin_loss; \
  using ::xgrad::multilabel_margin_loss_out; using ::xgrad::multinomial; using ::xgrad::multinomial_out; \
  using ::xgrad::multiply; using ::xgrad::multiply_; using ::xgrad::multiply_out; using ::xgrad::mv; \
  using ::xgrad::mv_out; using ::xgrad::mvlgamma; using ::xgrad::mvlgamma_out; using ::xgrad::nan_to_num; \
  using ::xgrad::nan_to_num_; using ::xgrad::nan_to_num_out; using ::xgrad::nanmean; \
  using ::xgrad::nanmean_out; using ::xgrad::nanmedian; using ::xgrad::nanmedian_out; \
  using ::xgrad::nanquantile; using ::xgrad::nanquantile_out; using ::xgrad::nansum; \
  using ::xgrad::nansum_out; using ::xgrad::narrow; using ::xgrad::narrow_copy; \
  using ::xgrad::narrow_copy_out; using ::xgrad::native_batch_norm; using ::xgrad::native_layer_norm; \
  using ::xgrad::ne; using ::xgrad::ne_out; using ::xgrad::neg; using ::xgrad::neg_; \
  using ::xgrad::neg_out; using ::xgrad::negative; using ::xgrad::negative_; using ::xgrad::negative_out; \
  using ::xgrad::nextafter; using ::xgrad::nextafter_out; using ::xgrad::nll_loss; \
  using ::xgrad::nll_loss2d; using ::xgrad::nll_loss2d_out; using ::xgrad::nll_loss_nd; \
  using ::xgrad::nll_loss_out; using ::xgrad::nonzero; using ::xgrad::nonzero_numpy; \
  using ::xgrad::nonzero_out; using ::xgrad::nonzero_static; using ::xgrad::nonzero_static_out; \
  using ::xgrad::norm; using ::xgrad::norm_out; using ::xgrad::normal; using ::xgrad::normal_out; \
  using ::xgrad::not_equal; using ::xgrad::not_equal_; using ::xgrad::not_equal_out; \
  using ::xgrad::nullopt; using ::xgrad::numel_of; using ::xgrad::one_hot; using ::xgrad::ones; \
  using ::xgrad::ones_like; using ::xgrad::ones_out; using ::xgrad::optional; using ::xgrad::orgqr; \
  using ::xgrad::orgqr_out; using ::xgrad::ormqr; using ::xgrad::ormqr_out; using ::xgrad::outer; \
  using ::xgrad::outer_out; using ::xgrad::pad; using ::xgrad::pairwise_distance; \
  using ::xgrad::parallel_for; using ::xgrad::pdist; using ::xgrad::permute; using ::xgrad::pickle_load; \
  using ::xgrad::pickle_save; using ::xgrad::pinverse; using ::xgrad::pixel_shuffle; \
  using ::xgrad::pixel_unshuffle; using ::xgrad::poisson; using ::xgrad::poisson_nll_loss; \
  using ::xgrad::poisson_out; using ::xgrad::polygamma; using ::xgrad::polygamma_out; \
  using ::xgrad::positive; using ::xgrad::pow; using ::xgrad::pow_out; using ::xgrad::prelu; \
  using ::xgrad::prod; using ::xgrad::prod_out; using ::xgrad::promote_types; using ::xgrad::put; \
  using ::xgrad::qr; using ::xgrad::qr_out; using ::xgrad::quantile; using ::xgrad::quantile_out; \
  using ::xgrad::rad2deg; using ::xgrad::rad2deg_; using ::xgrad::rad2deg_out; using ::xgrad::rand; \
  using ::xgrad::rand_like; using ::xgrad::rand_out; using ::xgrad::randint; using ::xgrad::randint_like; \
  using ::xgrad::randint_out; using ::xgrad::randn; using ::xgrad::randn_like; using ::xgrad::randn_out; \
  using ::xgrad::randperm; using ::xgrad::randperm_out; using ::xgrad::range; using ::xgrad::range_out; \
  using ::xgrad::ravel; using ::xgrad::real; using ::xgrad::reciprocal; using ::xgrad::reciprocal_; \
  using ::xgrad::reciprocal_out; using ::xgrad::reflection_pad1d; using ::xgrad::reflection_pad1d_out; \
  using ::xgrad::reflection_pad2d; using ::xgrad::reflection_pad2d_out; using ::xgrad::reflection_pad3d; \
  using ::xgrad::reflection_pad3d_out; using ::xgrad::relu; using ::xgrad::relu6; using ::xgrad::relu6_; \
  using ::xgrad::relu_; using ::xgrad::relu_out; using ::xgrad::remainder; using ::xgrad::remainder_out; \
  using ::xgrad::renorm; using ::xgrad::renorm_out; using ::xgrad::repeat; \
  using ::xgrad::repeat_interleave; using ::xgrad::repeat_out; using ::xgrad::replication_pad1d; \
  using ::xgrad::replication_pad1d_out; using ::xgrad::replication_pad2d; \
  using ::xgrad::replication_pad2d_out; using ::xgrad::replication_pad3d; \
  using ::xgrad::replication_pad3d_out; using ::xgrad::requires_grad; using ::xgrad::reshape; \
  using ::xgrad::resize; using ::xgrad::resize_as; using ::xgrad::resize_as_; using ::xgrad::resolve_conj; \
  using ::xgrad::result_type; using ::xgrad::rms_norm; using ::xgrad::rnn_relu; \
  using ::xgrad::rnn_relu_cell; using ::xgrad::rnn_tanh; using ::xgrad::rnn_tanh_cell; \
  using ::xgrad::roll; using ::xgrad::roll_out; using ::xgrad::rot90; using ::xgrad::round; \
  using ::xgrad::round_; using ::xgrad::round_out; using ::xgrad::row_stack; using ::xgrad::row_stack_out; \
  using ::xgrad::rrelu; using ::xgrad::rrelu_; using ::xgrad::rsqrt; using ::xgrad::rsqrt_; \
  using ::xgrad::rsqrt_out; using ::xgrad::rsub; using ::xgrad::rsub_out; using ::xgrad::save; \
  using ::xgrad::save_npy; using ::xgrad::save_npz; using ::xgrad::save_safetensors; \
  using ::xgrad::scalar_tensor; using ::xgrad::scalar_type_of; \
  using ::xgrad::scaled_dot_product_attention; using ::xgrad::scatter; using ::xgrad::scatter_add; \
  using ::xgrad::scatter_add_out; using ::xgrad::scatter_out; using ::xgrad::scatter_reduce; \
  using ::xgrad::scatter_reduce_out; using ::xgrad::searchsorted; using ::xgrad::searchsorted_out; \
  using ::xgrad::segment_reduce; using ::xgrad::select; using ::xgrad::select_scatter; \
  using ::xgrad::selu; using ::xgrad::selu_; using ::xgrad::set_default_dtype; \
  using ::xgrad::set_dtype_names; using ::xgrad::set_num_threads; using ::xgrad::set_printoptions; \
  using ::xgrad::set_tensor_printer; using ::xgrad::set_warning_handler; using ::xgrad::sgn; \
  using ::xgrad::sgn_; using ::xgrad::sgn_out; using ::xgrad::sigmoid; using ::xgrad::sigmoid_; \
  using ::xgrad::sigmoid_out; using ::xgrad::sign; using ::xgrad::sign_; using ::xgrad::sign_out; \
  using ::xgrad::signbit; using ::xgrad::signbit_out; using ::xgrad::silu; using ::xgrad::silu_; \
  using ::xgrad::silu_out; using ::xgrad::sin; using ::xgrad::sin_; using ::xgrad::sin_out; \
  using ::xgrad::sinc; using ::xgrad::sinc_; using ::xgrad::sinc_out; using ::xgrad::sinh; \
  using ::xgrad::sinh_; using ::xgrad::sinh_out; using ::xgrad::slice; using ::xgrad::slice_scatter; \
  using ::xgrad::slogdet; using ::xgrad::slogdet_out; using ::xgrad::smooth_l1_loss; \
  using ::xgrad::smooth_l1_loss_out; using ::xgrad::soft_margin_loss; using ::xgrad::soft_margin_loss_out; \
  using ::xgrad::softmax; using ::xgrad::softmax_out; using ::xgrad::softplus; using ::xgrad::softplus_; \
  using ::xgrad::softplus_out; using ::xgrad::softshrink; using ::xgrad::softshrink_; \
  using ::xgrad::softshrink_out; using ::xgrad::sort; using ::xgrad::sort_out; \
  using ::xgrad::special_airy_ai; using ::xgrad::special_airy_ai_out; using ::xgrad::special_bessel_j0; \
  using ::xgrad::special_bessel_j0_out; using ::xgrad::special_bessel_j1; \
  using ::xgrad::special_bessel_j1_out; using ::xgrad::special_bessel_y0; \
  using ::xgrad::special_bessel_y0_out; using ::xgrad::special_bessel_y1; \
  using ::xgrad::special_bessel_y1_out; using ::xgrad::special_chebyshev_polynomial_t; \
  using ::xgrad::special_chebyshev_polynomial_t_out; using ::xgrad::special_chebyshev_polynomial_u; \
  using ::xgrad::special_chebyshev_polynomial_u_out; using ::xgrad::special_chebyshev_polynomial_v; \
  using ::xgrad::special_chebyshev_polynomial_v_out; using ::xgrad::special_chebyshev_polynomial_w; \
  using ::xgrad::special_chebyshev_polynomial_w_out; using ::xgrad::special_digamma; \
  using ::xgrad::special_digamma_out; using ::xgrad::special_entr; using ::xgrad::special_entr_out; \
  using ::xgrad::special_erf; using ::xgrad::special_erf_out; using ::xgrad::special_erfc; \
  using ::xgrad::special_erfc_out; using ::xgrad::special_erfcx; using ::xgrad::special_erfcx_out; \
  using ::xgrad::special_erfinv; using ::xgrad::special_erfinv_out; using ::xgrad::special_exp2; \
  using ::xgrad::special_exp2_out; using ::xgrad::special_expit; using ::xgrad::special_expit_out; \
  using ::xgrad::special_expm1; using ::xgrad::special_expm1_out; using ::xgrad::special_gammainc; \
  using ::xgrad::special_gammainc_out; using ::xgrad::special_gammaincc; \
  using ::xgrad::special_gammaincc_out; using ::xgrad::special_gammaln; \
  using ::xgrad::special_gammaln_out; using ::xgrad::special_hermite_polynomial_h; \
  using ::xgrad::special_hermite_polynomial_h_out; using ::xgrad::special_hermite_polynomial_he; \
  using ::xgrad::special_hermite_polynomial_he_out; using ::xgrad::special_i0; \
  using ::xgrad::special_i0_out; using ::xgrad::special_i0e; using ::xgrad::special_i0e_out; \
  using ::xgrad::special_i1; using ::xgrad::special_i1_out; using ::xgrad::special_i1e; \
  using ::xgrad::special_i1e_out; using ::xgrad::special_laguerre_polynomial_l; \
  using ::xgrad::special_laguerre_polynomial_l_out; using ::xgrad::special_legendre_polynomial_p; \
  using ::xgrad::special_legendre_polynomial_p_out; using ::xgrad::special_log1p; \
  using ::xgrad::special_log1p_out; using ::xgrad::special_log_ndtr; using ::xgrad::special_log_ndtr_out; \
  using ::xgrad::special_log_softmax; using ::xgrad::special_log_softmax_out; \
  using ::xgrad::special_logit; using ::xgrad::special_logit_out; using ::xgrad::special_logsumexp; \
  using ::xgrad::special_logsumexp_out; using ::xgrad::special_modified_bessel_i0; \
  using ::xgrad::special_modified_bessel_i0_out; using ::xgrad::special_modified_bessel_i1; \
  using ::xgrad::special_modified_bessel_i1_out; using ::xgrad::special_modified_bessel_k0; \
  using ::xgrad::special_modified_bessel_k0_out; using ::xgrad::special_modified_bessel_k1; \
  using ::xgrad::special_modified_bessel_k1_out; using ::xgrad::special_multigammaln; \
  using ::xgrad::special_multigammaln_out; using ::xgrad::special_ndtr; using ::xgrad::special_ndtr_out; \
  using ::xgrad::special_ndtri; using ::xgrad::special_ndtri_out; using ::xgrad::special_polygamma; \
  using ::xgrad::special_polygamma_out; using ::xgrad::special_psi; using ::xgrad::special_psi_out; \
  using ::xgrad::special_round; using ::xgrad::special_round_out; \
  using ::xgrad::special_scaled_modified_bessel_k0; using ::xgrad::special_scaled_modified_bessel_k0_out; \
  using ::xgrad::special_scaled_modified_bessel_k1; using ::xgrad::special_scaled_modified_bessel_k1_out; \
  using ::xgrad::special_shifted_chebyshev_polynomial_t; \
  using ::xgrad::special_shifted_chebyshev_polynomial_t_out; \
  using ::xgrad::special_shifted_chebyshev_polynomial_u; \
  using ::xgrad::special_shifted_chebyshev_polynomial_u_out; \
  using ::xgrad::special_shifted_chebyshev_polynomial_v; \
  using ::xgrad::special_shifted_chebyshev_polynomial_v_out; \
  using ::xgrad::special_shifted_chebyshev_polynomial_w; \
  using ::xgrad::special_shifted_chebyshev_polynomial_w_out; using ::xgrad::special_sinc; \
  using ::xgrad::special_sinc_out; using ::xgrad::special_softmax; using ::xgrad::special_softmax_out; \
  using ::xgrad::special_spherical_bessel_j0; using ::xgrad::special_spherical_bessel_j0_out; \
  using ::xgrad::special_xlog1py; using ::xgrad::special_xlog1py_out; using ::xgrad::special_xlogy; \
  using ::xgrad::special_xlogy_out; using ::xgrad::special_zeta; using ::xgrad::special_zeta_out; \
  using ::xgrad::split; using ::xgrad::split_with_sizes; using ::xgrad::sqrt; using ::xgrad::sqrt_; \
  using ::xgrad::sqrt_out; using ::xgrad::square; using ::xgrad::square_; using ::xgrad::square_out; \
  using ::xgrad::squeeze; using ::xgrad::stack; using ::xgrad::stack_out; using ::xgrad::std; \
  using ::xgrad::std_mean; using ::xgrad::std_mean_out; using ::xgrad::std_out; using ::xgrad::sub; \
  using ::xgrad::sub_out; using ::xgrad::subtract; using ::xgrad::subtract_; using ::xgrad::subtract_out; \
  using ::xgrad::sum; using ::xgrad::sum_out; using ::xgrad::sum_to_size; using ::xgrad::svd; \
  using ::xgrad::svd_out; using ::xgrad::swapaxes; using ::xgrad::swapdims; using ::xgrad::t; \
  using ::xgrad::take; using ::xgrad::take_along_dim; using ::xgrad::take_along_dim_out; \
  using ::xgrad::take_out; using ::xgrad::tan; using ::xgrad::tan_; using ::xgrad::tan_out; \
  using ::xgrad::tanh; using ::xgrad::tanh_; using ::xgrad::tanh_out; using ::xgrad::tensor; \
  using ::xgrad::tensor_split; using ::xgrad::tensordot; using ::xgrad::tensordot_out; \
  using ::xgrad::threshold; using ::xgrad::threshold_; using ::xgrad::threshold_out; using ::xgrad::tile; \
  using ::xgrad::times_stride; using ::xgrad::toDLPack; using ::xgrad::toDLPackVersioned; \
  using ::xgrad::toDLPackVersionedReadOnly; using ::xgrad::to_dict; using ::xgrad::topk; \
  using ::xgrad::topk_out; using ::xgrad::trace; using ::xgrad::trace_out; using ::xgrad::transpose; \
  using ::xgrad::trapezoid; using ::xgrad::trapz; using ::xgrad::triangular_solve; \
  using ::xgrad::triangular_solve_out; using ::xgrad::tril; using ::xgrad::tril_indices; \
  using ::xgrad::tril_out; using ::xgrad::triplet_margin_loss; using ::xgrad::triu; \
  using ::xgrad::triu_indices; using ::xgrad::triu_out; using ::xgrad::true_divide; \
  using ::xgrad::true_divide_; using ::xgrad::true_divide_out; using ::xgrad::trunc; \
  using ::xgrad::trunc_; using ::xgrad::trunc_out; using ::xgrad::unbind; using ::xgrad::unflatten; \
  using ::xgrad::unique; using ::xgrad::unique_consecutive; using ::xgrad::unique_dim; \
  using ::xgrad::unique_dim_consecutive; using ::xgrad::unsafe_chunk; using ::xgrad::unsafe_split; \
  using ::xgrad::unsafe_split_with_sizes; using ::xgrad::unsqueeze; using ::xgrad::upsample_bicubic2d; \
  using ::xgrad::upsample_bicubic2d_out; using ::xgrad::upsample_bilinear2d; \
  using ::xgrad::upsample_bilinear2d_out; using ::xgrad::upsample_linear1d; \
  using ::xgrad::upsample_linear1d_out; using ::xgrad::upsample_nearest1d; \
  using ::xgrad::upsample_nearest1d_out; using ::xgrad::upsample_nearest2d; \
  using ::xgrad::upsample_nearest2d_out; using ::xgrad::upsample_nearest3d; \
  using ::xgrad::upsample_nearest3d_out; using ::xgrad::upsample_trilinear3d; \
  using ::xgrad::upsample_trilinear3d_out; using ::xgrad::vander; using ::xgrad::vander_out; \
  using ::xgrad::var; using ::xgrad::var_mean; using ::xgrad::var_mean_out; using ::xgrad::var_out; \
  using ::xgrad::vdot; using ::xgrad::vdot_out; using ::xgrad::vsplit; using ::xgrad::vstack; \
  using ::xgrad::vstack_out; using ::xgrad::warn; using ::xgrad::where; using ::xgrad::where_out; \
  using ::xgrad::wrap_dim; using ::xgrad::xlog1py; using ::xgrad::xlogy; using ::xgrad::xlogy_; \
  using ::xgrad::xlogy_out; using ::xgrad::zero_; using ::xgrad::zeros; using ::xgrad::zeros_like; \
  using ::xgrad::zeros_out;
#define XGRAD_COMPAT_NN \
  using ::xgrad::nn::ASMoutput; using ::xgrad::nn::AdaptiveAvgPool1d; \
  using ::xgrad::nn::AdaptiveAvgPool1dImpl; using ::xgrad::nn::AdaptiveAvgPool1dOptions; \
  using ::xgrad::nn::AdaptiveAvgPool2d; using ::xgrad::nn::AdaptiveAvgPool2dImpl; \
  using ::xgrad::nn::AdaptiveAvgPool2dOptions; using ::xgrad::nn::AdaptiveAvgPool3d; \
  using ::xgrad::nn::AdaptiveAvgPool3dImpl; using ::xgrad::nn::AdaptiveAvgPool3dOptions; \
  using ::xgrad::nn::AdaptiveLogSoftmaxWithLoss; using ::xgrad::nn::AdaptiveLogSoftmaxWithLossImpl; \
  using ::xgrad::nn::AdaptiveLogSoftmaxWithLossOptions; using ::xgrad::nn::AdaptiveMaxPool1d; \
  using ::xgrad::nn::AdaptiveMaxPool1dImpl; using ::xgrad::nn::AdaptiveMaxPool1dOptions; \
  using ::xgrad::nn::AdaptiveMaxPool2d; using ::xgrad::nn::AdaptiveMaxPool2dImpl; \
  using ::xgrad::nn::AdaptiveMaxPool2dOptions; using ::xgrad::nn::AdaptiveMaxPool3d; \
  using ::xgrad::nn::AdaptiveMaxPool3dImpl; using ::xgrad::nn::AdaptiveMaxPool3dOptions; \
  using ::xgrad::nn::AdaptivePoolOptions; using ::xgrad::nn::AlphaDropout; \
  using ::xgrad::nn::AlphaDropoutImpl; using ::xgrad::nn::AlphaDropoutOptions; \
  using ::xgrad::nn::AnyModule; using ::xgrad::nn::AnyValue; using ::xgrad::nn::AvgPool1d; \
  using ::xgrad::nn::AvgPool1dImpl; using ::xgrad::nn::AvgPool1dOptions; using ::xgrad::nn::AvgPool2d; \
  using ::xgrad::nn::AvgPool2dImpl; using ::xgrad::nn::AvgPool2dOptions; using ::xgrad::nn::AvgPool3d; \
  using ::xgrad::nn::AvgPool3dImpl; using ::xgrad::nn::AvgPool3dOptions; \
  using ::xgrad::nn::AvgPoolOptions; using ::xgrad::nn::BCELoss; using ::xgrad::nn::BCELossImpl; \
  using ::xgrad::nn::BCELossOptions; using ::xgrad::nn::BCEWithLogitsLoss; \
  using ::xgrad::nn::BCEWithLogitsLossImpl; using ::xgrad::nn::BCEWithLogitsLossOptions; \
  using ::xgrad::nn::BatchNorm1d; using ::xgrad::nn::BatchNorm1dImpl; \
  using ::xgrad::nn::BatchNorm1dOptions; using ::xgrad::nn::BatchNorm2d; \
  using ::xgrad::nn::BatchNorm2dImpl; using ::xgrad::nn::BatchNorm2dOptions; \
  using ::xgrad::nn::BatchNorm3d; using ::xgrad::nn::BatchNorm3dImpl; \
  using ::xgrad::nn::BatchNorm3dOptions; using ::xgrad::nn::BatchNormImplBase; \
  using ::xgrad::nn::BatchNormOptions; using ::xgrad::nn::Bilinear; using ::xgrad::nn::BilinearImpl; \
  using ::xgrad::nn::BilinearOptions; using ::xgrad::nn::CELU; using ::xgrad::nn::CELUImpl; \
  using ::xgrad::nn::CELUOptions; using ::xgrad::nn::CTCLoss; using ::xgrad::nn::CTCLossImpl; \
  using ::xgrad::nn::CTCLossOptions; using ::xgrad::nn::ChannelShuffle; \
  using ::xgrad::nn::ChannelShuffleImpl; using ::xgrad::nn::ChannelShuffleOptions; \
  using ::xgrad::nn::CircularPad1d; using ::xgrad::nn::CircularPad1dImpl; \
  using ::xgrad::nn::CircularPad1dOptions; using ::xgrad::nn::CircularPad2d; \
  using ::xgrad::nn::CircularPad2dImpl; using ::xgrad::nn::CircularPad2dOptions; \
  using ::xgrad::nn::CircularPad3d; using ::xgrad::nn::CircularPad3dImpl; \
  using ::xgrad::nn::CircularPad3dOptions; using ::xgrad::nn::Cloneable; using ::xgrad::nn::ConstantPad1d; \
  using ::xgrad::nn::ConstantPad1dImpl; using ::xgrad::nn::ConstantPad1dOptions; \
  using ::xgrad::nn::ConstantPad2d; using ::xgrad::nn::ConstantPad2dImpl; \
  using ::xgrad::nn::ConstantPad2dOptions; using ::xgrad::nn::ConstantPad3d; \
  using ::xgrad::nn::ConstantPad3dImpl; using ::xgrad::nn::ConstantPad3dOptions; \
  using ::xgrad::nn::ConstantPadOptions; using ::xgrad::nn::Conv1d; using ::xgrad::nn::Conv1dImpl; \
  using ::xgrad::nn::Conv1dOptions; using ::xgrad::nn::Conv2d; using ::xgrad::nn::Conv2dImpl; \
  using ::xgrad::nn::Conv2dOptions; using ::xgrad::nn::Conv3d; using ::xgrad::nn::Conv3dImpl; \
  using ::xgrad::nn::Conv3dOptions; using ::xgrad::nn::ConvNdImpl; using ::xgrad::nn::ConvOptions; \
  using ::xgrad::nn::ConvPadding; using ::xgrad::nn::ConvPaddingMode; using ::xgrad::nn::ConvTranspose1d; \
  using ::xgrad::nn::ConvTranspose1dImpl; using ::xgrad::nn::ConvTranspose1dOptions; \
  using ::xgrad::nn::ConvTranspose2d; using ::xgrad::nn::ConvTranspose2dImpl; \
  using ::xgrad::nn::ConvTranspose2dOptions; using ::xgrad::nn::ConvTranspose3d; \
  using ::xgrad::nn::ConvTranspose3dImpl; using ::xgrad::nn::ConvTranspose3dOptions; \
  using ::xgrad::nn::ConvTransposeNdImpl; using ::xgrad::nn::ConvTransposeOptions; \
  using ::xgrad::nn::CosineEmbeddingLoss; using ::xgrad::nn::CosineEmbeddingLossImpl; \
  using ::xgrad::nn::CosineEmbeddingLossOptions; using ::xgrad::nn::CosineSimilarity; \
  using ::xgrad::nn::CosineSimilarityImpl; using ::xgrad::nn::CosineSimilarityOptions; \
  using ::xgrad::nn::CrossEntropyLoss; using ::xgrad::nn::CrossEntropyLossImpl; \
  using ::xgrad::nn::CrossEntropyLossOptions; using ::xgrad::nn::CrossMapLRN2d; \
  using ::xgrad::nn::CrossMapLRN2dImpl; using ::xgrad::nn::CrossMapLRN2dOptions; \
  using ::xgrad::nn::Dropout; using ::xgrad::nn::Dropout1d; using ::xgrad::nn::Dropout1dImpl; \
  using ::xgrad::nn::Dropout2d; using ::xgrad::nn::Dropout2dImpl; using ::xgrad::nn::Dropout2dOptions; \
  using ::xgrad::nn::Dropout3d; using ::xgrad::nn::Dropout3dImpl; using ::xgrad::nn::Dropout3dOptions; \
  using ::xgrad::nn::DropoutImpl; using ::xgrad::nn::DropoutOptions; using ::xgrad::nn::ELU; \
  using ::xgrad::nn::ELUImpl; using ::xgrad::nn::ELUOptions; using ::xgrad::nn::Embedding; \
  using ::xgrad::nn::EmbeddingBag; using ::xgrad::nn::EmbeddingBagFromPretrainedOptions; \
  using ::xgrad::nn::EmbeddingBagImpl; using ::xgrad::nn::EmbeddingBagMode; \
  using ::xgrad::nn::EmbeddingBagOptions; using ::xgrad::nn::EmbeddingFromPretrainedOptions; \
  using ::xgrad::nn::EmbeddingImpl; using ::xgrad::nn::EmbeddingOptions; \
  using ::xgrad::nn::FeatureAlphaDropout; using ::xgrad::nn::FeatureAlphaDropoutImpl; \
  using ::xgrad::nn::FeatureAlphaDropoutOptions; using ::xgrad::nn::Flatten; \
  using ::xgrad::nn::FlattenImpl; using ::xgrad::nn::FlattenOptions; using ::xgrad::nn::Fold; \
  using ::xgrad::nn::FoldImpl; using ::xgrad::nn::FoldOptions; using ::xgrad::nn::FractionalMaxPool2d; \
  using ::xgrad::nn::FractionalMaxPool2dImpl; using ::xgrad::nn::FractionalMaxPool2dOptions; \
  using ::xgrad::nn::FractionalMaxPool3d; using ::xgrad::nn::FractionalMaxPool3dImpl; \
  using ::xgrad::nn::FractionalMaxPool3dOptions; using ::xgrad::nn::FractionalMaxPoolOptions; \
  using ::xgrad::nn::Functional; using ::xgrad::nn::FunctionalImpl; using ::xgrad::nn::GELU; \
  using ::xgrad::nn::GELUImpl; using ::xgrad::nn::GELUOptions; using ::xgrad::nn::GLU; \
  using ::xgrad::nn::GLUImpl; using ::xgrad::nn::GLUOptions; using ::xgrad::nn::GRU; \
  using ::xgrad::nn::GRUCell; using ::xgrad::nn::GRUCellImpl; using ::xgrad::nn::GRUCellOptions; \
  using ::xgrad::nn::GRUImpl; using ::xgrad::nn::GRUOptions; using ::xgrad::nn::GaussianNLLLoss; \
  using ::xgrad::nn::GaussianNLLLossImpl; using ::xgrad::nn::GaussianNLLLossOptions; \
  using ::xgrad::nn::GroupNorm; using ::xgrad::nn::GroupNormImpl; using ::xgrad::nn::GroupNormOptions; \
  using ::xgrad::nn::Hardshrink; using ::xgrad::nn::HardshrinkImpl; using ::xgrad::nn::HardshrinkOptions; \
  using ::xgrad::nn::Hardsigmoid; using ::xgrad::nn::HardsigmoidImpl; using ::xgrad::nn::Hardswish; \
  using ::xgrad::nn::HardswishImpl; using ::xgrad::nn::Hardtanh; using ::xgrad::nn::HardtanhImpl; \
  using ::xgrad::nn::HardtanhOptions; using ::xgrad::nn::HingeEmbeddingLoss; \
  using ::xgrad::nn::HingeEmbeddingLossImpl; using ::xgrad::nn::HingeEmbeddingLossOptions; \
  using ::xgrad::nn::HuberLoss; using ::xgrad::nn::HuberLossImpl; using ::xgrad::nn::HuberLossOptions; \
  using ::xgrad::nn::Identity; using ::xgrad::nn::IdentityImpl; using ::xgrad::nn::IncompatibleKeys; \
  using ::xgrad::nn::InstanceNorm1d; using ::xgrad::nn::InstanceNorm1dImpl; \
  using ::xgrad::nn::InstanceNorm1dOptions; using ::xgrad::nn::InstanceNorm2d; \
  using ::xgrad::nn::InstanceNorm2dImpl; using ::xgrad::nn::InstanceNorm2dOptions; \
  using ::xgrad::nn::InstanceNorm3d; using ::xgrad::nn::InstanceNorm3dImpl; \
  using ::xgrad::nn::InstanceNorm3dOptions; using ::xgrad::nn::InstanceNormImplBase; \
  using ::xgrad::nn::InstanceNormOptions; using ::xgrad::nn::KLDivLoss; using ::xgrad::nn::KLDivLossImpl; \
  using ::xgrad::nn::KLDivLossOptions; using ::xgrad::nn::KLDivReduction; using ::xgrad::nn::L1Loss; \
  using ::xgrad::nn::L1LossImpl; using ::xgrad::nn::L1LossOptions; using ::xgrad::nn::LPPool1d; \
  using ::xgrad::nn::LPPool1dImpl; using ::xgrad::nn::LPPool1dOptions; using ::xgrad::nn::LPPool2d; \
  using ::xgrad::nn::LPPool2dImpl; using ::xgrad::nn::LPPool2dOptions; using ::xgrad::nn::LPPool3d; \
  using ::xgrad::nn::LPPool3dImpl; using ::xgrad::nn::LPPool3dOptions; using ::xgrad::nn::LPPoolOptions; \
  using ::xgrad::nn::LSTM; using ::xgrad::nn::LSTMCell; using ::xgrad::nn::LSTMCellImpl; \
  using ::xgrad::nn::LSTMCellOptions; using ::xgrad::nn::LSTMImpl; using ::xgrad::nn::LSTMOptions; \
  using ::xgrad::nn::LayerNorm; using ::xgrad::nn::LayerNormImpl; using ::xgrad::nn::LayerNormOptions; \
  using ::xgrad::nn::LeakyReLU; using ::xgrad::nn::LeakyReLUImpl; using ::xgrad::nn::LeakyReLUOptions; \
  using ::xgrad::nn::Linear; using ::xgrad::nn::LinearImpl; using ::xgrad::nn::LinearOptions; \
  using ::xgrad::nn::LocalResponseNorm; using ::xgrad::nn::LocalResponseNormImpl; \
  using ::xgrad::nn::LocalResponseNormOptions; using ::xgrad::nn::LogSigmoid; \
  using ::xgrad::nn::LogSigmoidImpl; using ::xgrad::nn::LogSoftmax; using ::xgrad::nn::LogSoftmaxImpl; \
  using ::xgrad::nn::LogSoftmaxOptions; using ::xgrad::nn::LossReduction; using ::xgrad::nn::MSELoss; \
  using ::xgrad::nn::MSELossImpl; using ::xgrad::nn::MSELossOptions; using ::xgrad::nn::MarginRankingLoss; \
  using ::xgrad::nn::MarginRankingLossImpl; using ::xgrad::nn::MarginRankingLossOptions; \
  using ::xgrad::nn::MaxPool1d; using ::xgrad::nn::MaxPool1dImpl; using ::xgrad::nn::MaxPool1dOptions; \
  using ::xgrad::nn::MaxPool2d; using ::xgrad::nn::MaxPool2dImpl; using ::xgrad::nn::MaxPool2dOptions; \
  using ::xgrad::nn::MaxPool3d; using ::xgrad::nn::MaxPool3dImpl; using ::xgrad::nn::MaxPool3dOptions; \
  using ::xgrad::nn::MaxPoolOptions; using ::xgrad::nn::MaxUnpool1d; using ::xgrad::nn::MaxUnpool1dImpl; \
  using ::xgrad::nn::MaxUnpool1dOptions; using ::xgrad::nn::MaxUnpool2d; \
  using ::xgrad::nn::MaxUnpool2dImpl; using ::xgrad::nn::MaxUnpool2dOptions; \
  using ::xgrad::nn::MaxUnpool3d; using ::xgrad::nn::MaxUnpool3dImpl; \
  using ::xgrad::nn::MaxUnpool3dOptions; using ::xgrad::nn::MaxUnpoolOptions; using ::xgrad::nn::Mish; \
  using ::xgrad::nn::MishImpl; using ::xgrad::nn::Module; using ::xgrad::nn::ModuleDict; \
  using ::xgrad::nn::ModuleDictImpl; using ::xgrad::nn::ModuleHolder; using ::xgrad::nn::ModuleList; \
  using ::xgrad::nn::ModuleListImpl; using ::xgrad::nn::MultiLabelMarginLoss; \
  using ::xgrad::nn::MultiLabelMarginLossImpl; using ::xgrad::nn::MultiLabelMarginLossOptions; \
  using ::xgrad::nn::MultiLabelSoftMarginLoss; using ::xgrad::nn::MultiLabelSoftMarginLossImpl; \
  using ::xgrad::nn::MultiLabelSoftMarginLossOptions; using ::xgrad::nn::MultiMarginLoss; \
  using ::xgrad::nn::MultiMarginLossImpl; using ::xgrad::nn::MultiMarginLossOptions; \
  using ::xgrad::nn::MultiheadAttention; using ::xgrad::nn::MultiheadAttentionImpl; \
  using ::xgrad::nn::MultiheadAttentionOptions; using ::xgrad::nn::NLLLoss; \
  using ::xgrad::nn::NLLLossImpl; using ::xgrad::nn::NLLLossOptions; using ::xgrad::nn::NamedAnyModule; \
  using ::xgrad::nn::NonDynamicallyQuantizableLinear; \
  using ::xgrad::nn::NonDynamicallyQuantizableLinearImpl; using ::xgrad::nn::NormImplBase; \
  using ::xgrad::nn::OptionsLayer; using ::xgrad::nn::PReLU; using ::xgrad::nn::PReLUImpl; \
  using ::xgrad::nn::PReLUOptions; using ::xgrad::nn::PaddingOptions; using ::xgrad::nn::PairwiseDistance; \
  using ::xgrad::nn::PairwiseDistanceImpl; using ::xgrad::nn::PairwiseDistanceOptions; \
  using ::xgrad::nn::ParameterDict; using ::xgrad::nn::ParameterDictImpl; \
  using ::xgrad::nn::ParameterList; using ::xgrad::nn::ParameterListImpl; using ::xgrad::nn::PixelShuffle; \
  using ::xgrad::nn::PixelShuffleImpl; using ::xgrad::nn::PixelShuffleOptions; \
  using ::xgrad::nn::PixelUnshuffle; using ::xgrad::nn::PixelUnshuffleImpl; \
  using ::xgrad::nn::PixelUnshuffleOptions; using ::xgrad::nn::PoissonNLLLoss; \
  using ::xgrad::nn::PoissonNLLLossImpl; using ::xgrad::nn::PoissonNLLLossOptions; \
  using ::xgrad::nn::RMSNorm; using ::xgrad::nn::RMSNormImpl; using ::xgrad::nn::RMSNormOptions; \
  using ::xgrad::nn::RNN; using ::xgrad::nn::RNNCell; using ::xgrad::nn::RNNCellImpl; \
  using ::xgrad::nn::RNNCellImplBase; using ::xgrad::nn::RNNCellOptions; using ::xgrad::nn::RNNImpl; \
  using ::xgrad::nn::RNNImplBase; using ::xgrad::nn::RNNNonlinearity; using ::xgrad::nn::RNNOptions; \
  using ::xgrad::nn::RReLU; using ::xgrad::nn::RReLUImpl; using ::xgrad::nn::RReLUOptions; \
  using ::xgrad::nn::ReLU; using ::xgrad::nn::ReLU6; using ::xgrad::nn::ReLU6Impl; \
  using ::xgrad::nn::ReLU6Options; using ::xgrad::nn::ReLUImpl; using ::xgrad::nn::ReLUOptions; \
  using ::xgrad::nn::ReflectionPad1d; using ::xgrad::nn::ReflectionPad1dImpl; \
  using ::xgrad::nn::ReflectionPad1dOptions; using ::xgrad::nn::ReflectionPad2d; \
  using ::xgrad::nn::ReflectionPad2dImpl; using ::xgrad::nn::ReflectionPad2dOptions; \
  using ::xgrad::nn::ReflectionPad3d; using ::xgrad::nn::ReflectionPad3dImpl; \
  using ::xgrad::nn::ReflectionPad3dOptions; using ::xgrad::nn::RemovableHandle; \
  using ::xgrad::nn::ReplicationPad1d; using ::xgrad::nn::ReplicationPad1dImpl; \
  using ::xgrad::nn::ReplicationPad1dOptions; using ::xgrad::nn::ReplicationPad2d; \
  using ::xgrad::nn::ReplicationPad2dImpl; using ::xgrad::nn::ReplicationPad2dOptions; \
  using ::xgrad::nn::ReplicationPad3d; using ::xgrad::nn::ReplicationPad3dImpl; \
  using ::xgrad::nn::ReplicationPad3dOptions; using ::xgrad::nn::SELU; using ::xgrad::nn::SELUImpl; \
  using ::xgrad::nn::SELUOptions; using ::xgrad::nn::Sequential; using ::xgrad::nn::SequentialImpl; \
  using ::xgrad::nn::SiLU; using ::xgrad::nn::SiLUImpl; using ::xgrad::nn::Sigmoid; \
  using ::xgrad::nn::SigmoidImpl; using ::xgrad::nn::SmoothL1Loss; using ::xgrad::nn::SmoothL1LossImpl; \
  using ::xgrad::nn::SmoothL1LossOptions; using ::xgrad::nn::SoftMarginLoss; \
  using ::xgrad::nn::SoftMarginLossImpl; using ::xgrad::nn::SoftMarginLossOptions; \
  using ::xgrad::nn::Softmax; using ::xgrad::nn::Softmax2d; using ::xgrad::nn::Softmax2dImpl; \
  using ::xgrad::nn::SoftmaxImpl; using ::xgrad::nn::SoftmaxOptions; using ::xgrad::nn::Softmin; \
  using ::xgrad::nn::SoftminImpl; using ::xgrad::nn::SoftminOptions; using ::xgrad::nn::Softplus; \
  using ::xgrad::nn::SoftplusImpl; using ::xgrad::nn::SoftplusOptions; using ::xgrad::nn::Softshrink; \
  using ::xgrad::nn::SoftshrinkImpl; using ::xgrad::nn::SoftshrinkOptions; using ::xgrad::nn::Softsign; \
  using ::xgrad::nn::SoftsignImpl; using ::xgrad::nn::Tanh; using ::xgrad::nn::TanhImpl; \
  using ::xgrad::nn::Tanhshrink; using ::xgrad::nn::TanhshrinkImpl; using ::xgrad::nn::Threshold; \
  using ::xgrad::nn::ThresholdImpl; using ::xgrad::nn::ThresholdOptions; using ::xgrad::nn::Transformer; \
  using ::xgrad::nn::TransformerActivation; using ::xgrad::nn::TransformerDecoder; \
  using ::xgrad::nn::TransformerDecoderImpl; using ::xgrad::nn::TransformerDecoderLayer; \
  using ::xgrad::nn::TransformerDecoderLayerImpl; using ::xgrad::nn::TransformerDecoderLayerOptions; \
  using ::xgrad::nn::TransformerDecoderOptions; using ::xgrad::nn::TransformerEncoder; \
  using ::xgrad::nn::TransformerEncoderImpl; using ::xgrad::nn::TransformerEncoderLayer; \
  using ::xgrad::nn::TransformerEncoderLayerImpl; using ::xgrad::nn::TransformerEncoderLayerOptions; \
  using ::xgrad::nn::TransformerEncoderOptions; using ::xgrad::nn::TransformerImpl; \
  using ::xgrad::nn::TransformerOptions; using ::xgrad::nn::TransformerStackOptions; \
  using ::xgrad::nn::TripletMarginLoss; using ::xgrad::nn::TripletMarginLossImpl; \
  using ::xgrad::nn::TripletMarginLossOptions; using ::xgrad::nn::TripletMarginWithDistanceLoss; \
  using ::xgrad::nn::TripletMarginWithDistanceLossImpl; \
  using ::xgrad::nn::TripletMarginWithDistanceLossOptions; using ::xgrad::nn::Unflatten; \
  using ::xgrad::nn::UnflattenImpl; using ::xgrad::nn::UnflattenOptions; using ::xgrad::nn::Unfold; \
  using ::xgrad::nn::UnfoldImpl; using ::xgrad::nn::UnfoldOptions; using ::xgrad::nn::Upsample; \
  using ::xgrad::nn::UpsampleImpl; using ::xgrad::nn::UpsampleMode; using ::xgrad::nn::UpsampleOptions; \
  using ::xgrad::nn::WeightedLoss; using ::xgrad::nn::ZeroPad1d; using ::xgrad::nn::ZeroPad1dImpl; \
  using ::xgrad::nn::ZeroPad1dOptions; using ::xgrad::nn::ZeroPad2d; using ::xgrad::nn::ZeroPad2dImpl; \
  using ::xgrad::nn::ZeroPad2dOptions; using ::xgrad::nn::ZeroPad3d; using ::xgrad::nn::ZeroPad3dImpl; \
  using ::xgrad::nn::ZeroPad3dOptions;
#define XGRAD_COMPAT_DATA \
  using ::xgrad::data::BatchDataset; using ::xgrad::data::BatchSize; using ::xgrad::data::CsvColumn; \
  using ::xgrad::data::CsvOptions; using ::xgrad::data::CsvTable; using ::xgrad::data::DataLoaderBase; \
  using ::xgrad::data::DataLoaderOptions; using ::xgrad::data::Dataset; using ::xgrad::data::Example; \
  using ::xgrad::data::FullDataLoaderOptions; using ::xgrad::data::ImageReadMode; \
  using ::xgrad::data::Iterator; using ::xgrad::data::Prefetcher; using ::xgrad::data::Progress; \
  using ::xgrad::data::ProgressBar; using ::xgrad::data::ProgressOptions; using ::xgrad::data::Sound; \
  using ::xgrad::data::StatefulDataLoader; using ::xgrad::data::StatelessDataLoader; \
  using ::xgrad::data::TensorExample; using ::xgrad::data::Vocabulary; using ::xgrad::data::load_wav; \
  using ::xgrad::data::make_data_loader; using ::xgrad::data::progress; using ::xgrad::data::read_csv; \
  using ::xgrad::data::read_image; using ::xgrad::data::read_text;
