#pragma once
namespace gear { int wheel(); }
