/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables of the environment that are known to change what numeric programs, interpreters and their libraries
 * compute. Their values are numbers, words and paths, and are shown; those of any other variable never are. Each
 * sentence is what the documentation of the library says of the variable (OpenMP 5.2 chapter 21, oneMKL's developer
 * guide, cuBLAS "Results Reproducibility", Python's cmdline.html, reproducible-builds.org).
 */
#include "ctl/diff/diff.h"

#define ENV   .of = OF_BUNDLE, .groups = DIFF_RESULTS
#define KNOWN ENV, .shows = true

const struct diff_row diff_rows_env[] = {
	{ .at = "process.env", ENV, .list = DIFF_NAMED, .says = "Programs read it, and do as it says." },
	{ .at = "process.env[]", ENV, .says = "Programs read it, and do as it says." },

	{ .at = "process.env.{OMP_NUM_THREADS,OMP_THREAD_LIMIT,MKL_NUM_THREADS,MKL_DOMAIN_NUM_THREADS,"
		"OPENBLAS_NUM_THREADS,"
		"GOTO_NUM_THREADS,BLIS_NUM_THREADS,NUMEXPR_NUM_THREADS,NUMEXPR_MAX_THREADS,VECLIB_MAXIMUM_THREADS,"
		"NUMBA_NUM_THREADS,TBB_NUM_THREADS,RAYON_NUM_THREADS,JULIA_NUM_THREADS,GOMAXPROCS,"
		"TF_NUM_INTEROP_THREADS,"
		"TF_NUM_INTRAOP_THREADS,POLARS_MAX_THREADS,DOTNET_PROCESSOR_COUNT}", KNOWN,
	  .says = "So many threads share the work: sums of floats are added up in another order, and their last "
		"digits differ." },
	{ .at = "process.env.{OMP_DYNAMIC,MKL_DYNAMIC,OMP_SCHEDULE,OMP_MAX_ACTIVE_LEVELS,OMP_NESTED}", KNOWN,
	  .says = "How work is divided among threads: sums of floats are added up in another order." },
	{ .at = "process.env.{OMP_PROC_BIND,OMP_PLACES,GOMP_CPU_AFFINITY,KMP_AFFINITY,KMP_HW_SUBSET}", KNOWN,
	  .says = "Threads run on other processors: what is timed differs, and where the number of threads follows, "
		"sums do too." },
	{ .at = "process.env.{KMP_DETERMINISTIC_REDUCTION,MKL_CBWR,DNNL_MAX_CPU_ISA,ONEDNN_MAX_CPU_ISA,"
		"OPENBLAS_CORETYPE,"
		"BLIS_ARCH_TYPE,ATEN_CPU_CAPABILITY,NPY_DISABLE_CPU_FEATURES,GLIBC_TUNABLES,MKL_ENABLE_INSTRUCTIONS,"
		"EIGEN_CPU_ISA}", KNOWN,
	  .says = "Libraries take other instructions, which round otherwise or add up in another order." },
	{ .at = "process.env.{PYTHONHASHSEED,PERL_HASH_SEED,PERL_PERTURB_KEYS,RUBY_HASH_SEED}", KNOWN,
	  .says = "Sets and dictionaries are walked in another order." },
	{ .at = "process.env.{SEED,RANDOM_SEED,RNG_SEED,GLOBAL_SEED,PL_GLOBAL_SEED,NUMPY_SEED,TORCH_SEED,"
		"PYTORCH_SEED,CUDA_SEED,WORLD_SEED,SIM_SEED}", KNOWN,
	  .says = "Other random numbers are drawn." },
	{ .at = "process.env.{CUBLAS_WORKSPACE_CONFIG,CUBLASLT_WORKSPACE_SIZE,CUDNN_DETERMINISTIC,TF_DETERMINISTIC_OPS,"
		"TF_CUDNN_DETERMINISTIC,TF_CUDNN_USE_AUTOTUNE,TF_ENABLE_ONEDNN_OPTS,XLA_FLAGS,TF_XLA_FLAGS,"
		"FLAGS_cudnn_deterministic,MIOPEN_DEBUG_CONV_IMPLICIT_GEMM,JAX_DEFAULT_MATMUL_PRECISION,JAX_ENABLE_X64,"
		"NVIDIA_TF32_OVERRIDE,TORCH_ALLOW_TF32_CUBLAS_OVERRIDE,CUDA_LAUNCH_BLOCKING}", KNOWN,
	  .says = "The GPU's libraries take other kernels or another precision: sums of floats differ." },
	{ .at = "process.env.{NCCL_ALGO,NCCL_PROTO,NCCL_P2P_DISABLE,NCCL_NTHREADS,NCCL_MIN_NCHANNELS,"
		"NCCL_MAX_NCHANNELS,"
		"WORLD_SIZE,RANK,LOCAL_RANK,LOCAL_WORLD_SIZE,NNODES,HOROVOD_FUSION_THRESHOLD}", KNOWN,
	  .says = "Gradients of several devices are added up in another order, or of other shares." },
	{ .at = "process.env.{CUDA_VISIBLE_DEVICES,NVIDIA_VISIBLE_DEVICES,NVIDIA_DRIVER_CAPABILITIES,"
		"HIP_VISIBLE_DEVICES,ROCR_VISIBLE_DEVICES,CUDA_DEVICE_ORDER,GPU_DEVICE_ORDINAL,ZE_AFFINITY_MASK}",
	  KNOWN,
	  .says = "Other GPUs, or in another order, do the work." },
	{ .at = "process.env.{LANG,LANGUAGE,LC_ALL,LC_CTYPE,LC_NUMERIC,LC_COLLATE,LC_TIME,LC_MESSAGES,LC_MONETARY,"
		"PYTHONUTF8,PYTHONIOENCODING}", KNOWN,
	  .says = "Text is sorted, read and written by other rules, numbers and dates too." },
	{ .at = "process.env.{TZ,SOURCE_DATE_EPOCH}", KNOWN, .says = "Times are read and written as others." },
	{ .at = "process.env.{PATH,LD_LIBRARY_PATH,LD_PRELOAD,PYTHONPATH,PYTHONHOME,VIRTUAL_ENV,CONDA_PREFIX,"
		"R_LIBS,JULIA_DEPOT_PATH,CUDA_HOME,CUDA_PATH,JAVA_HOME,GOROOT}", KNOWN,
	  .says = "Programs and libraries of the same name are found in another place." },
	{ .at = "process.env.{TOKENIZERS_PARALLELISM,TF_FORCE_GPU_ALLOW_GROWTH,XLA_PYTHON_CLIENT_PREALLOCATE,"
		"XLA_PYTHON_CLIENT_MEM_FRACTION,MALLOC_ARENA_MAX,MALLOC_PERTURB_,MALLOC_TOP_PAD_}", KNOWN,
	  .says = "Work or memory is divided in another way: what is timed or ordered by address differs." },
	{ .at = "process.env.{HOSTNAME,HOME,USER,LOGNAME,TERM}", KNOWN,
	  .says = "Programs name files and choose their settings by it." },
};

const size_t diff_rows_env_count = sizeof(diff_rows_env) / sizeof(diff_rows_env[0]);
