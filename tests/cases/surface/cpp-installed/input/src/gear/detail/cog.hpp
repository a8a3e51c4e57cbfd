#pragma once
int cog();
