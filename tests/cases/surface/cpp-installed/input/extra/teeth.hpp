#pragma once
int teeth();
