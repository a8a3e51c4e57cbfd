#pragma once
int bench();
