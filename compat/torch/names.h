// Made by names.py: the names of xgrad's namespaces, for using-declarations. With a using-directive `using
// namespace torch;` would make nn both torch::nn and xgrad::nn, and that of torch::nn functional both theirs.
#pragma once

// clang-format off
#define XGRAD_COMPAT_NAMES(X) \
  X(ArrayRef) X(AutoGradMode) X(BFloat16) X(Checkpoint) X(DeprecatedTypeProperties) X(Device) \
  X(DeviceIndex) X(DeviceType) X(DimVector) X(Dtype) X(DtypeInfo) X(DtypeKind) X(DtypeNames) X(Error) \
  X(ExpandingArray) X(ExpandingArrayWithOptionalElem) X(Generator) X(GenericDict) X(GradMode) X(Half) \
  X(IValue) X(IndexError) X(InferenceMode) X(InsideForAnother) X(IntArrayRef) X(Layout) X(LinAlgError) \
  X(List) X(MemoryFormat) X(Mutex) X(NoFork) X(NoGradGuard) X(OneOf) X(OptionalIntArrayRef) X(OrderedDict) \
  X(PackedTensorAccessor) X(PackedTensorAccessor32) X(PackedTensorAccessor64) X(PrintOptions) \
  X(PrintOptionsGuard) X(RefCount) X(SafetensorsMetadata) X(SavedValue) X(Scalar) X(ScalarType) \
  X(ScalarTypeOf) X(Shared) X(Storage) X(StorageImpl) X(Tensor) X(TensorAccessor) X(TensorImpl) \
  X(TensorInfo) X(TensorList) X(TensorOptions) X(TensorPrinter) X(ThreadLocalState) \
  X(ThreadLocalStateGuard) X(TypeError) X(ValueError) X(WarningHandler) X(WarningPlace) X(abs) X(abs_) \
  X(abs_out) X(absolute) X(absolute_) X(absolute_out) X(acos) X(acos_) X(acos_out) X(acosh) X(acosh_) \
  X(acosh_out) X(adaptive_avg_pool1d) X(adaptive_avg_pool2d) X(adaptive_avg_pool2d_out) \
  X(adaptive_avg_pool3d) X(adaptive_avg_pool3d_out) X(adaptive_max_pool1d) X(adaptive_max_pool2d) \
  X(adaptive_max_pool2d_out) X(adaptive_max_pool3d) X(adaptive_max_pool3d_out) X(add) X(add_out) X(addbmm) \
  X(addbmm_out) X(addcdiv) X(addcdiv_out) X(addcmul) X(addcmul_out) X(addmm) X(addmm_out) X(addmv) \
  X(addmv_) X(addmv_out) X(addr) X(addr_out) X(adjoint) X(affine_grid_generator) X(all) X(all_out) \
  X(allclose) X(alpha_dropout) X(alpha_dropout_) X(amax) X(amax_out) X(amin) X(amin_out) X(aminmax) \
  X(aminmax_out) X(angle) X(any) X(any_out) X(append) X(arange) X(arange_out) X(arccos) X(arccos_) \
  X(arccos_out) X(arccosh) X(arccosh_) X(arccosh_out) X(arcsin) X(arcsin_) X(arcsin_out) X(arcsinh) \
  X(arcsinh_) X(arcsinh_out) X(arctan) X(arctan2) X(arctan2_) X(arctan2_out) X(arctan_) X(arctan_out) \
  X(arctanh) X(arctanh_) X(arctanh_out) X(argmax) X(argmax_out) X(argmin) X(argmin_out) X(argsort) \
  X(argsort_out) X(argwhere) X(as_strided) X(as_strided_) X(as_strided_scatter) X(asin) X(asin_) \
  X(asin_out) X(asinh) X(asinh_) X(asinh_out) X(atan) X(atan2) X(atan2_out) X(atan_) X(atan_out) X(atanh) \
  X(atanh_) X(atanh_out) X(atleast_1d) X(atleast_2d) X(atleast_3d) X(avg_pool1d) X(avg_pool2d) \
  X(avg_pool2d_out) X(avg_pool3d) X(avg_pool3d_out) X(baddbmm) X(baddbmm_out) X(bartlett_window) \
  X(batch_norm) X(bernoulli) X(bernoulli_out) X(bilinear) X(binary_cross_entropy) \
  X(binary_cross_entropy_out) X(binary_cross_entropy_with_logits) X(bincount) X(bincount_out) X(binomial) \
  X(binomial_out) X(bitwise_and) X(bitwise_and_out) X(bitwise_left_shift) X(bitwise_left_shift_out) \
  X(bitwise_not) X(bitwise_not_out) X(bitwise_or) X(bitwise_or_out) X(bitwise_right_shift) \
  X(bitwise_right_shift_out) X(bitwise_xor) X(bitwise_xor_out) X(blackman_window) X(block_diag) X(bmm) \
  X(bmm_out) X(broadcast_shapes) X(broadcast_sizes) X(broadcast_stride) X(broadcast_strides) \
  X(broadcast_tensors) X(broadcast_to) X(bucketize) X(bucketize_out) X(can_cast) X(cartesian_prod) X(cat) \
  X(cat_out) X(cdist) X(ceil) X(ceil_) X(ceil_out) X(celu) X(celu_) X(chain_matmul) X(chain_matmul_out) \
  X(channel_shuffle) X(check_number) X(checked_numel) X(cholesky) X(cholesky_inverse) \
  X(cholesky_inverse_out) X(cholesky_out) X(cholesky_solve) X(cholesky_solve_out) X(chunk) X(clamp) \
  X(clamp_) X(clamp_max) X(clamp_max_) X(clamp_max_out) X(clamp_min) X(clamp_min_) X(clamp_min_out) \
  X(clamp_out) X(clip) X(clip_) X(clip_out) X(clone) X(col2im) X(column_stack) X(column_stack_out) \
  X(combinations) X(compute_type) X(concat) X(concat_out) X(concatenate) X(concatenate_out) X(conj) \
  X(constant_pad_nd) X(constant_pad_nd_out) X(contiguous_strides) X(conv1d) X(conv2d) X(conv3d) \
  X(conv_transpose1d) X(conv_transpose2d) X(conv_transpose3d) X(convolution) X(copysign) X(copysign_out) \
  X(corrcoef) X(cos) X(cos_) X(cos_out) X(cosh) X(cosh_) X(cosh_out) X(cosine_embedding_loss) \
  X(cosine_similarity) X(count_nonzero) X(count_nonzero_out) X(cov) X(cross) X(cross_entropy_loss) \
  X(cross_out) X(ctc_loss) X(cummax) X(cummax_out) X(cummin) X(cummin_out) X(cumprod) X(cumprod_out) \
  X(cumsum) X(cumsum_out) X(cumulative_trapezoid) X(default_generator) X(deg2rad) X(deg2rad_) \
  X(deg2rad_out) X(det) X(detach) X(device) X(diag) X(diag_embed) X(diag_out) X(diagflat) X(diagonal) \
  X(diagonal_scatter) X(diff) X(diff_out) X(digamma) X(digamma_) X(digamma_out) X(dist) X(dist_out) X(div) \
  X(div_out) X(divide) X(divide_) X(divide_number) X(divide_out) X(dot) X(dot_out) X(dropout) X(dropout_) \
  X(dsplit) X(dstack) X(dstack_out) X(dtype) X(dtype_info) X(dtype_name) X(einsum) X(element_size) X(elu) \
  X(elu_) X(elu_out) X(embedding) X(embedding_out) X(embedding_renorm_) X(empty) X(empty_like) \
  X(empty_out) X(empty_strided) X(eq) X(eq_out) X(equal) X(erf) X(erf_) X(erf_out) X(erfc) X(erfc_) \
  X(erfc_out) X(erfinv) X(erfinv_) X(erfinv_out) X(exp) X(exp2) X(exp2_) X(exp2_out) X(exp_) X(exp_out) \
  X(expand) X(expm1) X(expm1_) X(expm1_out) X(eye) X(eye_out) X(fail) X(fail_size) \
  X(feature_alpha_dropout) X(feature_alpha_dropout_) X(feature_dropout) X(feature_dropout_) X(fields_repr) \
  X(fill) X(fill_) X(finfo) X(fix) X(fix_) X(fix_out) X(flatten) X(flip) X(flip_out) X(fliplr) X(flipud) \
  X(float_power) X(float_power_out) X(floor) X(floor_) X(floor_divide) X(floor_divide_out) X(floor_out) \
  X(fmax) X(fmax_out) X(fmin) X(fmin_out) X(fmod) X(fmod_out) X(fork_generation) X(frac) X(frac_) \
  X(frac_out) X(fractional_max_pool2d) X(fractional_max_pool3d) X(frexp) X(frexp_out) X(fromDLPack) \
  X(fromDLPackVersioned) X(from_blob) X(from_dict) X(full) X(full_like) X(full_out) X(gather) \
  X(gather_out) X(gcd) X(gcd_) X(gcd_out) X(ge) X(ge_out) X(gelu) X(gelu_) X(gelu_out) X(geqrf) \
  X(geqrf_out) X(ger) X(ger_out) X(get_default_dtype) X(get_num_threads) X(get_printoptions) X(glu) \
  X(glu_out) X(gradient) X(greater) X(greater_) X(greater_equal) X(greater_equal_) X(greater_equal_out) \
  X(greater_out) X(grid_sampler) X(group_norm) X(gru) X(gru_cell) X(gt) X(gt_out) X(hamming_window) \
  X(hann_window) X(hardshrink) X(hardshrink_) X(hardshrink_out) X(hardsigmoid) X(hardsigmoid_) \
  X(hardsigmoid_out) X(hardswish) X(hardswish_) X(hardswish_out) X(hardtanh) X(hardtanh_) X(hardtanh_out) \
  X(heaviside) X(heaviside_out) X(hinge_embedding_loss) X(histc) X(histc_out) X(histogram) \
  X(histogram_out) X(histogramdd) X(hsplit) X(hstack) X(hstack_out) X(huber_loss) X(huber_loss_out) \
  X(hypot) X(hypot_out) X(i0) X(i0_) X(i0_out) X(igamma) X(igamma_out) X(igammac) X(igammac_out) X(iinfo) \
  X(im2col) X(index) X(index_add) X(index_add_out) X(index_copy) X(index_copy_out) X(index_fill) \
  X(index_fill_out) X(index_put) X(index_put_) X(index_reduce) X(index_reduce_out) X(index_select) \
  X(index_select_out) X(inherit_fields) X(inner) X(inner_out) X(inspect) X(instance_norm) X(intrusive_ptr) \
  X(inverse) X(inverse_out) X(is_floating_type) X(is_integral_type) X(isclose) X(isfinite) X(isin) \
  X(isin_out) X(isinf) X(isnan) X(isneginf) X(isneginf_out) X(isposinf) X(isposinf_out) X(isreal) X(kArea) \
  X(kBFloat16) X(kBatchMean) X(kBicubic) X(kBilinear) X(kBool) X(kBorder) X(kByte) X(kCPU) X(kCUDA) \
  X(kChar) X(kCircular) X(kConstant) X(kConv1D) X(kConv2D) X(kConv3D) X(kConvTranspose1D) \
  X(kConvTranspose2D) X(kConvTranspose3D) X(kDouble) X(kDtypeCount) X(kF16) X(kF32) X(kF64) X(kFanIn) \
  X(kFanOut) X(kFloat) X(kFloat16) X(kFloat32) X(kFloat64) X(kGELU) X(kHalf) X(kI16) X(kI32) X(kI64) \
  X(kI8) X(kInt) X(kInt16) X(kInt32) X(kInt64) X(kInt8) X(kLanczos) X(kLeakyReLU) X(kLinear) X(kLong) \
  X(kMax) X(kMaxElements) X(kMean) X(kNearest) X(kNearestExact) X(kNone) X(kReLU) X(kReflect) \
  X(kReflection) X(kReplicate) X(kSELU) X(kSame) X(kShort) X(kSigmoid) X(kStrided) X(kSum) X(kTanh) \
  X(kTrilinear) X(kU8) X(kUInt8) X(kValid) X(kZeros) X(kaiser_window) X(kl_div) X(kron) X(kron_out) \
  X(kthvalue) X(kthvalue_out) X(l1_loss) X(layer_norm) X(layout) X(lcm) X(lcm_) X(lcm_out) X(ldexp) \
  X(ldexp_) X(ldexp_out) X(le) X(le_out) X(leaky_relu) X(leaky_relu_) X(leaky_relu_out) X(lerp) \
  X(lerp_out) X(less) X(less_) X(less_equal) X(less_equal_) X(less_equal_out) X(less_out) X(lgamma) \
  X(lgamma_) X(lgamma_out) X(linear) X(linear_out) X(linspace) X(linspace_out) X(load) X(load_npy) \
  X(load_npz) X(load_safetensors) X(load_safetensors_metadata) X(local_response_norm) X(log) X(log10) \
  X(log10_) X(log10_out) X(log1p) X(log1p_) X(log1p_out) X(log2) X(log2_) X(log2_out) X(log_) X(log_out) \
  X(log_sigmoid) X(log_sigmoid_) X(log_sigmoid_out) X(log_softmax) X(log_softmax_out) X(logaddexp) \
  X(logaddexp2) X(logaddexp2_out) X(logaddexp_out) X(logcumsumexp) X(logcumsumexp_out) X(logdet) \
  X(logical_and) X(logical_and_out) X(logical_not) X(logical_not_out) X(logical_or) X(logical_or_out) \
  X(logical_xor) X(logical_xor_out) X(logit) X(logit_) X(logit_out) X(logspace) X(logspace_out) \
  X(logsumexp) X(logsumexp_out) X(lstm) X(lstm_cell) X(lt) X(lt_out) X(lu_solve) X(lu_solve_out) \
  X(lu_unpack) X(lu_unpack_out) X(make_generator) X(manual_seed) X(margin_ranking_loss) X(masked_fill) \
  X(masked_scatter) X(masked_select) X(masked_select_out) X(matmul) X(matmul_out) X(matrix_exp) \
  X(matrix_power) X(matrix_power_out) X(max) X(max_out) X(max_pool1d) X(max_pool1d_with_indices) \
  X(max_pool2d) X(max_pool2d_with_indices) X(max_pool2d_with_indices_out) X(max_pool3d) \
  X(max_pool3d_with_indices) X(max_pool3d_with_indices_out) X(max_unpool2d) X(max_unpool3d) X(maximum) \
  X(maximum_out) X(mean) X(mean_out) X(median) X(median_out) X(meshgrid) X(min) X(min_out) X(minimum) \
  X(minimum_out) X(mish) X(mish_) X(mish_out) X(mm) X(mm_out) X(mode) X(mode_out) X(moveaxis) X(movedim) \
  X(mse_loss) X(mse_loss_out) X(msort) X(msort_out) X(mul) X(mul_out) X(multi_margin_loss) \
  X(multi_margin_loss_out) X(multilabel_margin_loss) X(multilabel_margin_loss_out) X(multinomial) \
  X(multinomial_out) X(multiply) X(multiply_) X(multiply_out) X(mv) X(mv_out) X(mvlgamma) X(mvlgamma_out) \
  X(nan_to_num) X(nan_to_num_) X(nan_to_num_out) X(nanmean) X(nanmean_out) X(nanmedian) X(nanmedian_out) \
  X(nanquantile) X(nanquantile_out) X(nansum) X(nansum_out) X(narrow) X(narrow_copy) X(narrow_copy_out) \
  X(native_batch_norm) X(native_layer_norm) X(ne) X(ne_out) X(neg) X(neg_) X(neg_out) X(negative) \
  X(negative_) X(negative_out) X(nextafter) X(nextafter_out) X(nll_loss) X(nll_loss2d) X(nll_loss2d_out) \
  X(nll_loss_nd) X(nll_loss_out) X(nonzero) X(nonzero_numpy) X(nonzero_out) X(nonzero_static) \
  X(nonzero_static_out) X(norm) X(norm_out) X(normal) X(normal_out) X(not_equal) X(not_equal_) \
  X(not_equal_out) X(nullopt) X(numel_of) X(one_hot) X(ones) X(ones_like) X(ones_out) X(optional) X(orgqr) \
  X(orgqr_out) X(ormqr) X(ormqr_out) X(outer) X(outer_out) X(pad) X(pairwise_distance) X(parallel_for) \
  X(pdist) X(permute) X(pickle_load) X(pickle_save) X(pinverse) X(pixel_shuffle) X(pixel_unshuffle) \
  X(poisson) X(poisson_nll_loss) X(poisson_out) X(polygamma) X(polygamma_out) X(positive) X(pow) \
  X(pow_out) X(prelu) X(prod) X(prod_out) X(promote_types) X(put) X(qr) X(qr_out) X(quantile) \
  X(quantile_out) X(rad2deg) X(rad2deg_) X(rad2deg_out) X(rand) X(rand_like) X(rand_out) X(randint) \
  X(randint_like) X(randint_out) X(randn) X(randn_like) X(randn_out) X(randperm) X(randperm_out) X(range) \
  X(range_out) X(ravel) X(real) X(reciprocal) X(reciprocal_) X(reciprocal_out) X(reflection_pad1d) \
  X(reflection_pad1d_out) X(reflection_pad2d) X(reflection_pad2d_out) X(reflection_pad3d) \
  X(reflection_pad3d_out) X(relu) X(relu6) X(relu6_) X(relu_) X(relu_out) X(remainder) X(remainder_out) \
  X(renorm) X(renorm_out) X(repeat) X(repeat_interleave) X(repeat_out) X(replication_pad1d) \
  X(replication_pad1d_out) X(replication_pad2d) X(replication_pad2d_out) X(replication_pad3d) \
  X(replication_pad3d_out) X(requires_grad) X(reshape) X(resize) X(resize_as) X(resize_as_) \
  X(resolve_conj) X(result_type) X(rms_norm) X(rnn_relu) X(rnn_relu_cell) X(rnn_tanh) X(rnn_tanh_cell) \
  X(roll) X(roll_out) X(rot90) X(round) X(round_) X(round_out) X(row_stack) X(row_stack_out) X(rrelu) \
  X(rrelu_) X(rsqrt) X(rsqrt_) X(rsqrt_out) X(rsub) X(rsub_out) X(save) X(save_npy) X(save_npz) \
  X(save_safetensors) X(scalar_tensor) X(scalar_type_of) X(scaled_dot_product_attention) X(scatter) \
  X(scatter_add) X(scatter_add_out) X(scatter_out) X(scatter_reduce) X(scatter_reduce_out) X(searchsorted) \
  X(searchsorted_out) X(segment_reduce) X(select) X(select_scatter) X(selu) X(selu_) X(set_default_dtype) \
  X(set_dtype_names) X(set_num_threads) X(set_printoptions) X(set_tensor_printer) X(set_warning_handler) \
  X(sgn) X(sgn_) X(sgn_out) X(sigmoid) X(sigmoid_) X(sigmoid_out) X(sign) X(sign_) X(sign_out) X(signbit) \
  X(signbit_out) X(silu) X(silu_) X(silu_out) X(sin) X(sin_) X(sin_out) X(sinc) X(sinc_) X(sinc_out) \
  X(sinh) X(sinh_) X(sinh_out) X(slice) X(slice_scatter) X(slogdet) X(slogdet_out) X(smooth_l1_loss) \
  X(smooth_l1_loss_out) X(soft_margin_loss) X(soft_margin_loss_out) X(softmax) X(softmax_out) X(softplus) \
  X(softplus_) X(softplus_out) X(softshrink) X(softshrink_) X(softshrink_out) X(sort) X(sort_out) \
  X(special_airy_ai) X(special_airy_ai_out) X(special_bessel_j0) X(special_bessel_j0_out) \
  X(special_bessel_j1) X(special_bessel_j1_out) X(special_bessel_y0) X(special_bessel_y0_out) \
  X(special_bessel_y1) X(special_bessel_y1_out) X(special_chebyshev_polynomial_t) \
  X(special_chebyshev_polynomial_t_out) X(special_chebyshev_polynomial_u) \
  X(special_chebyshev_polynomial_u_out) X(special_chebyshev_polynomial_v) \
  X(special_chebyshev_polynomial_v_out) X(special_chebyshev_polynomial_w) \
  X(special_chebyshev_polynomial_w_out) X(special_digamma) X(special_digamma_out) X(special_entr) \
  X(special_entr_out) X(special_erf) X(special_erf_out) X(special_erfc) X(special_erfc_out) \
  X(special_erfcx) X(special_erfcx_out) X(special_erfinv) X(special_erfinv_out) X(special_exp2) \
  X(special_exp2_out) X(special_expit) X(special_expit_out) X(special_expm1) X(special_expm1_out) \
  X(special_gammainc) X(special_gammainc_out) X(special_gammaincc) X(special_gammaincc_out) \
  X(special_gammaln) X(special_gammaln_out) X(special_hermite_polynomial_h) \
  X(special_hermite_polynomial_h_out) X(special_hermite_polynomial_he) \
  X(special_hermite_polynomial_he_out) X(special_i0) X(special_i0_out) X(special_i0e) X(special_i0e_out) \
  X(special_i1) X(special_i1_out) X(special_i1e) X(special_i1e_out) X(special_laguerre_polynomial_l) \
  X(special_laguerre_polynomial_l_out) X(special_legendre_polynomial_p) \
  X(special_legendre_polynomial_p_out) X(special_log1p) X(special_log1p_out) X(special_log_ndtr) \
  X(special_log_ndtr_out) X(special_log_softmax) X(special_log_softmax_out) X(special_logit) \
  X(special_logit_out) X(special_logsumexp) X(special_logsumexp_out) X(special_modified_bessel_i0) \
  X(special_modified_bessel_i0_out) X(special_modified_bessel_i1) X(special_modified_bessel_i1_out) \
  X(special_modified_bessel_k0) X(special_modified_bessel_k0_out) X(special_modified_bessel_k1) \
  X(special_modified_bessel_k1_out) X(special_multigammaln) X(special_multigammaln_out) X(special_ndtr) \
  X(special_ndtr_out) X(special_ndtri) X(special_ndtri_out) X(special_polygamma) X(special_polygamma_out) \
  X(special_psi) X(special_psi_out) X(special_round) X(special_round_out) \
  X(special_scaled_modified_bessel_k0) X(special_scaled_modified_bessel_k0_out) \
  X(special_scaled_modified_bessel_k1) X(special_scaled_modified_bessel_k1_out) \
  X(special_shifted_chebyshev_polynomial_t) X(special_shifted_chebyshev_polynomial_t_out) \
  X(special_shifted_chebyshev_polynomial_u) X(special_shifted_chebyshev_polynomial_u_out) \
  X(special_shifted_chebyshev_polynomial_v) X(special_shifted_chebyshev_polynomial_v_out) \
  X(special_shifted_chebyshev_polynomial_w) X(special_shifted_chebyshev_polynomial_w_out) X(special_sinc) \
  X(special_sinc_out) X(special_softmax) X(special_softmax_out) X(special_spherical_bessel_j0) \
  X(special_spherical_bessel_j0_out) X(special_xlog1py) X(special_xlog1py_out) X(special_xlogy) \
  X(special_xlogy_out) X(special_zeta) X(special_zeta_out) X(split) X(split_with_sizes) X(sqrt) X(sqrt_) \
  X(sqrt_out) X(square) X(square_) X(square_out) X(squeeze) X(stack) X(stack_out) X(std) X(std_mean) \
  X(std_mean_out) X(std_out) X(sub) X(sub_out) X(subtract) X(subtract_) X(subtract_out) X(sum) X(sum_out) \
  X(sum_to_size) X(svd) X(svd_out) X(swapaxes) X(swapdims) X(t) X(take) X(take_along_dim) \
  X(take_along_dim_out) X(take_out) X(tan) X(tan_) X(tan_out) X(tanh) X(tanh_) X(tanh_out) X(tensor) \
  X(tensor_split) X(tensordot) X(tensordot_out) X(threshold) X(threshold_) X(threshold_out) X(tile) \
  X(times_stride) X(toDLPack) X(toDLPackVersioned) X(toDLPackVersionedReadOnly) X(to_dict) X(topk) \
  X(topk_out) X(trace) X(trace_out) X(transpose) X(trapezoid) X(trapz) X(triangular_solve) \
  X(triangular_solve_out) X(tril) X(tril_indices) X(tril_out) X(triplet_margin_loss) X(triu) \
  X(triu_indices) X(triu_out) X(true_divide) X(true_divide_) X(true_divide_out) X(trunc) X(trunc_) \
  X(trunc_out) X(unbind) X(unflatten) X(unique) X(unique_consecutive) X(unique_dim) \
  X(unique_dim_consecutive) X(unsafe_chunk) X(unsafe_split) X(unsafe_split_with_sizes) X(unsqueeze) \
  X(upsample_bicubic2d) X(upsample_bicubic2d_out) X(upsample_bilinear2d) X(upsample_bilinear2d_out) \
  X(upsample_linear1d) X(upsample_linear1d_out) X(upsample_nearest1d) X(upsample_nearest1d_out) \
  X(upsample_nearest2d) X(upsample_nearest2d_out) X(upsample_nearest3d) X(upsample_nearest3d_out) \
  X(upsample_trilinear3d) X(upsample_trilinear3d_out) X(vander) X(vander_out) X(var) X(var_mean) \
  X(var_mean_out) X(var_out) X(vdot) X(vdot_out) X(vsplit) X(vstack) X(vstack_out) X(warn) X(where) \
  X(where_out) X(wrap_dim) X(xlog1py) X(xlogy) X(xlogy_) X(xlogy_out) X(zero_) X(zeros) X(zeros_like) \
  X(zeros_out)
#define XGRAD_COMPAT_NN(X) \
  X(ASMoutput) X(AdaptiveAvgPool1d) X(AdaptiveAvgPool1dImpl) X(AdaptiveAvgPool1dOptions) \
  X(AdaptiveAvgPool2d) X(AdaptiveAvgPool2dImpl) X(AdaptiveAvgPool2dOptions) X(AdaptiveAvgPool3d) \
  X(AdaptiveAvgPool3dImpl) X(AdaptiveAvgPool3dOptions) X(AdaptiveLogSoftmaxWithLoss) \
  X(AdaptiveLogSoftmaxWithLossImpl) X(AdaptiveLogSoftmaxWithLossOptions) X(AdaptiveMaxPool1d) \
  X(AdaptiveMaxPool1dImpl) X(AdaptiveMaxPool1dOptions) X(AdaptiveMaxPool2d) X(AdaptiveMaxPool2dImpl) \
  X(AdaptiveMaxPool2dOptions) X(AdaptiveMaxPool3d) X(AdaptiveMaxPool3dImpl) X(AdaptiveMaxPool3dOptions) \
  X(AdaptivePoolOptions) X(AlphaDropout) X(AlphaDropoutImpl) X(AlphaDropoutOptions) X(AnyModule) \
  X(AnyValue) X(AvgPool1d) X(AvgPool1dImpl) X(AvgPool1dOptions) X(AvgPool2d) X(AvgPool2dImpl) \
  X(AvgPool2dOptions) X(AvgPool3d) X(AvgPool3dImpl) X(AvgPool3dOptions) X(AvgPoolOptions) X(BCELoss) \
  X(BCELossImpl) X(BCELossOptions) X(BCEWithLogitsLoss) X(BCEWithLogitsLossImpl) \
  X(BCEWithLogitsLossOptions) X(BatchNorm1d) X(BatchNorm1dImpl) X(BatchNorm1dOptions) X(BatchNorm2d) \
  X(BatchNorm2dImpl) X(BatchNorm2dOptions) X(BatchNorm3d) X(BatchNorm3dImpl) X(BatchNorm3dOptions) \
  X(BatchNormImplBase) X(BatchNormOptions) X(Bilinear) X(BilinearImpl) X(BilinearOptions) X(CELU) \
  X(CELUImpl) X(CELUOptions) X(CTCLoss) X(CTCLossImpl) X(CTCLossOptions) X(ChannelShuffle) \
  X(ChannelShuffleImpl) X(ChannelShuffleOptions) X(CircularPad1d) X(CircularPad1dImpl) \
  X(CircularPad1dOptions) X(CircularPad2d) X(CircularPad2dImpl) X(CircularPad2dOptions) X(CircularPad3d) \
  X(CircularPad3dImpl) X(CircularPad3dOptions) X(Cloneable) X(ConstantPad1d) X(ConstantPad1dImpl) \
  X(ConstantPad1dOptions) X(ConstantPad2d) X(ConstantPad2dImpl) X(ConstantPad2dOptions) X(ConstantPad3d) \
  X(ConstantPad3dImpl) X(ConstantPad3dOptions) X(ConstantPadOptions) X(Conv1d) X(Conv1dImpl) \
  X(Conv1dOptions) X(Conv2d) X(Conv2dImpl) X(Conv2dOptions) X(Conv3d) X(Conv3dImpl) X(Conv3dOptions) \
  X(ConvNdImpl) X(ConvOptions) X(ConvPadding) X(ConvPaddingMode) X(ConvTranspose1d) X(ConvTranspose1dImpl) \
  X(ConvTranspose1dOptions) X(ConvTranspose2d) X(ConvTranspose2dImpl) X(ConvTranspose2dOptions) \
  X(ConvTranspose3d) X(ConvTranspose3dImpl) X(ConvTranspose3dOptions) X(ConvTransposeNdImpl) \
  X(ConvTransposeOptions) X(CosineEmbeddingLoss) X(CosineEmbeddingLossImpl) X(CosineEmbeddingLossOptions) \
  X(CosineSimilarity) X(CosineSimilarityImpl) X(CosineSimilarityOptions) X(CrossEntropyLoss) \
  X(CrossEntropyLossImpl) X(CrossEntropyLossOptions) X(CrossMapLRN2d) X(CrossMapLRN2dImpl) \
  X(CrossMapLRN2dOptions) X(Dropout) X(Dropout1d) X(Dropout1dImpl) X(Dropout2d) X(Dropout2dImpl) \
  X(Dropout2dOptions) X(Dropout3d) X(Dropout3dImpl) X(Dropout3dOptions) X(DropoutImpl) X(DropoutOptions) \
  X(ELU) X(ELUImpl) X(ELUOptions) X(Embedding) X(EmbeddingBag) X(EmbeddingBagFromPretrainedOptions) \
  X(EmbeddingBagImpl) X(EmbeddingBagMode) X(EmbeddingBagOptions) X(EmbeddingFromPretrainedOptions) \
  X(EmbeddingImpl) X(EmbeddingOptions) X(FeatureAlphaDropout) X(FeatureAlphaDropoutImpl) \
  X(FeatureAlphaDropoutOptions) X(Flatten) X(FlattenImpl) X(FlattenOptions) X(Fold) X(FoldImpl) \
  X(FoldOptions) X(FractionalMaxPool2d) X(FractionalMaxPool2dImpl) X(FractionalMaxPool2dOptions) \
  X(FractionalMaxPool3d) X(FractionalMaxPool3dImpl) X(FractionalMaxPool3dOptions) \
  X(FractionalMaxPoolOptions) X(Functional) X(FunctionalImpl) X(GELU) X(GELUImpl) X(GELUOptions) X(GLU) \
  X(GLUImpl) X(GLUOptions) X(GRU) X(GRUCell) X(GRUCellImpl) X(GRUCellOptions) X(GRUImpl) X(GRUOptions) \
  X(GaussianNLLLoss) X(GaussianNLLLossImpl) X(GaussianNLLLossOptions) X(GroupNorm) X(GroupNormImpl) \
  X(GroupNormOptions) X(Hardshrink) X(HardshrinkImpl) X(HardshrinkOptions) X(Hardsigmoid) \
  X(HardsigmoidImpl) X(Hardswish) X(HardswishImpl) X(Hardtanh) X(HardtanhImpl) X(HardtanhOptions) \
  X(HingeEmbeddingLoss) X(HingeEmbeddingLossImpl) X(HingeEmbeddingLossOptions) X(HuberLoss) \
  X(HuberLossImpl) X(HuberLossOptions) X(Identity) X(IdentityImpl) X(IncompatibleKeys) X(InstanceNorm1d) \
  X(InstanceNorm1dImpl) X(InstanceNorm1dOptions) X(InstanceNorm2d) X(InstanceNorm2dImpl) \
  X(InstanceNorm2dOptions) X(InstanceNorm3d) X(InstanceNorm3dImpl) X(InstanceNorm3dOptions) \
  X(InstanceNormImplBase) X(InstanceNormOptions) X(KLDivLoss) X(KLDivLossImpl) X(KLDivLossOptions) \
  X(KLDivReduction) X(L1Loss) X(L1LossImpl) X(L1LossOptions) X(LPPool1d) X(LPPool1dImpl) \
  X(LPPool1dOptions) X(LPPool2d) X(LPPool2dImpl) X(LPPool2dOptions) X(LPPool3d) X(LPPool3dImpl) \
  X(LPPool3dOptions) X(LPPoolOptions) X(LSTM) X(LSTMCell) X(LSTMCellImpl) X(LSTMCellOptions) X(LSTMImpl) \
  X(LSTMOptions) X(LayerNorm) X(LayerNormImpl) X(LayerNormOptions) X(LeakyReLU) X(LeakyReLUImpl) \
  X(LeakyReLUOptions) X(Linear) X(LinearImpl) X(LinearOptions) X(LocalResponseNorm) \
  X(LocalResponseNormImpl) X(LocalResponseNormOptions) X(LogSigmoid) X(LogSigmoidImpl) X(LogSoftmax) \
  X(LogSoftmaxImpl) X(LogSoftmaxOptions) X(LossReduction) X(MSELoss) X(MSELossImpl) X(MSELossOptions) \
  X(MarginRankingLoss) X(MarginRankingLossImpl) X(MarginRankingLossOptions) X(MaxPool1d) X(MaxPool1dImpl) \
  X(MaxPool1dOptions) X(MaxPool2d) X(MaxPool2dImpl) X(MaxPool2dOptions) X(MaxPool3d) X(MaxPool3dImpl) \
  X(MaxPool3dOptions) X(MaxPoolOptions) X(MaxUnpool1d) X(MaxUnpool1dImpl) X(MaxUnpool1dOptions) \
  X(MaxUnpool2d) X(MaxUnpool2dImpl) X(MaxUnpool2dOptions) X(MaxUnpool3d) X(MaxUnpool3dImpl) \
  X(MaxUnpool3dOptions) X(MaxUnpoolOptions) X(Mish) X(MishImpl) X(Module) X(ModuleDict) X(ModuleDictImpl) \
  X(ModuleHolder) X(ModuleList) X(ModuleListImpl) X(MultiLabelMarginLoss) X(MultiLabelMarginLossImpl) \
  X(MultiLabelMarginLossOptions) X(MultiLabelSoftMarginLoss) X(MultiLabelSoftMarginLossImpl) \
  X(MultiLabelSoftMarginLossOptions) X(MultiMarginLoss) X(MultiMarginLossImpl) X(MultiMarginLossOptions) \
  X(MultiheadAttention) X(MultiheadAttentionImpl) X(MultiheadAttentionOptions) X(NLLLoss) X(NLLLossImpl) \
  X(NLLLossOptions) X(NamedAnyModule) X(NonDynamicallyQuantizableLinear) \
  X(NonDynamicallyQuantizableLinearImpl) X(NormImplBase) X(OptionsLayer) X(PReLU) X(PReLUImpl) \
  X(PReLUOptions) X(PaddingOptions) X(PairwiseDistance) X(PairwiseDistanceImpl) X(PairwiseDistanceOptions) \
  X(ParameterDict) X(ParameterDictImpl) X(ParameterList) X(ParameterListImpl) X(PixelShuffle) \
  X(PixelShuffleImpl) X(PixelShuffleOptions) X(PixelUnshuffle) X(PixelUnshuffleImpl) \
  X(PixelUnshuffleOptions) X(PoissonNLLLoss) X(PoissonNLLLossImpl) X(PoissonNLLLossOptions) X(RMSNorm) \
  X(RMSNormImpl) X(RMSNormOptions) X(RNN) X(RNNCell) X(RNNCellImpl) X(RNNCellImplBase) X(RNNCellOptions) \
  X(RNNImpl) X(RNNImplBase) X(RNNNonlinearity) X(RNNOptions) X(RReLU) X(RReLUImpl) X(RReLUOptions) X(ReLU) \
  X(ReLU6) X(ReLU6Impl) X(ReLU6Options) X(ReLUImpl) X(ReLUOptions) X(ReflectionPad1d) \
  X(ReflectionPad1dImpl) X(ReflectionPad1dOptions) X(ReflectionPad2d) X(ReflectionPad2dImpl) \
  X(ReflectionPad2dOptions) X(ReflectionPad3d) X(ReflectionPad3dImpl) X(ReflectionPad3dOptions) \
  X(RemovableHandle) X(ReplicationPad1d) X(ReplicationPad1dImpl) X(ReplicationPad1dOptions) \
  X(ReplicationPad2d) X(ReplicationPad2dImpl) X(ReplicationPad2dOptions) X(ReplicationPad3d) \
  X(ReplicationPad3dImpl) X(ReplicationPad3dOptions) X(SELU) X(SELUImpl) X(SELUOptions) X(Sequential) \
  X(SequentialImpl) X(SiLU) X(SiLUImpl) X(Sigmoid) X(SigmoidImpl) X(SmoothL1Loss) X(SmoothL1LossImpl) \
  X(SmoothL1LossOptions) X(SoftMarginLoss) X(SoftMarginLossImpl) X(SoftMarginLossOptions) X(Softmax) \
  X(Softmax2d) X(Softmax2dImpl) X(SoftmaxImpl) X(SoftmaxOptions) X(Softmin) X(SoftminImpl) \
  X(SoftminOptions) X(Softplus) X(SoftplusImpl) X(SoftplusOptions) X(Softshrink) X(SoftshrinkImpl) \
  X(SoftshrinkOptions) X(Softsign) X(SoftsignImpl) X(Tanh) X(TanhImpl) X(Tanhshrink) X(TanhshrinkImpl) \
  X(Threshold) X(ThresholdImpl) X(ThresholdOptions) X(Transformer) X(TransformerActivation) \
  X(TransformerDecoder) X(TransformerDecoderImpl) X(TransformerDecoderLayer) \
  X(TransformerDecoderLayerImpl) X(TransformerDecoderLayerOptions) X(TransformerDecoderOptions) \
  X(TransformerEncoder) X(TransformerEncoderImpl) X(TransformerEncoderLayer) \
  X(TransformerEncoderLayerImpl) X(TransformerEncoderLayerOptions) X(TransformerEncoderOptions) \
  X(TransformerImpl) X(TransformerOptions) X(TransformerStackOptions) X(TripletMarginLoss) \
  X(TripletMarginLossImpl) X(TripletMarginLossOptions) X(TripletMarginWithDistanceLoss) \
  X(TripletMarginWithDistanceLossImpl) X(TripletMarginWithDistanceLossOptions) X(Unflatten) \
  X(UnflattenImpl) X(UnflattenOptions) X(Unfold) X(UnfoldImpl) X(UnfoldOptions) X(Upsample) \
  X(UpsampleImpl) X(UpsampleMode) X(UpsampleOptions) X(WeightedLoss) X(ZeroPad1d) X(ZeroPad1dImpl) \
  X(ZeroPad1dOptions) X(ZeroPad2d) X(ZeroPad2dImpl) X(ZeroPad2dOptions) X(ZeroPad3d) X(ZeroPad3dImpl) \
  X(ZeroPad3dOptions)
#define XGRAD_COMPAT_DATA(X) \
  X(BatchDataset) X(BatchSize) X(CsvColumn) X(CsvOptions) X(CsvTable) X(DataLoaderBase) \
  X(DataLoaderOptions) X(Dataset) X(Example) X(FullDataLoaderOptions) X(ImageReadMode) X(Iterator) \
  X(Prefetcher) X(Progress) X(ProgressBar) X(ProgressOptions) X(Sound) X(StatefulDataLoader) \
  X(StatelessDataLoader) X(TensorExample) X(Vocabulary) X(load_wav) X(make_data_loader) X(progress) \
  X(read_csv) X(read_image) X(read_text)
