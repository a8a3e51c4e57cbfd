#pragma once
#include "wheel.hpp"
namespace gear { int turn(); }
