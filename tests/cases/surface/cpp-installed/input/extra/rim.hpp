#pragma once
int rim();
