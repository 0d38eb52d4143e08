// A computation made visible: its graph as data, as text and as a picture.
#pragma once

#include <xgrad/graph/explain.h>
#include <xgrad/graph/onnx.h>
#include <xgrad/graph/pictures.h>
#include <xgrad/graph/profile.h>
#include <xgrad/graph/summary.h>
#include <xgrad/graph/summary_writer.h>
#include <xgrad/graph/trace.h>
#include <xgrad/graph/training_report.h>
