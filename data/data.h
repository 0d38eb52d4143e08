// Datasets, transforms, samplers and loaders.
#pragma once

#include <xgrad/data/chunk.h>
#include <xgrad/data/dataloader.h>
#include <xgrad/data/datasets.h>
#include <xgrad/data/example.h>
#include <xgrad/data/progress.h>
#include <xgrad/data/readers/csv.h>
#include <xgrad/data/readers/image_files.h>
#include <xgrad/data/readers/images.h>
#include <xgrad/data/readers/text.h>
#include <xgrad/data/readers/wav.h>
#include <xgrad/data/samplers.h>
#include <xgrad/data/transforms.h>

namespace xgrad::data {
using datasets::BatchDataset;
using datasets::Dataset;
}  // namespace xgrad::data
