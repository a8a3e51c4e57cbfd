#pragma once
namespace box {
/// Opens a box.
int open(int size);
namespace detail {
/// Not for users.
int grow(int size);
struct node {
    int left;
};
} // namespace detail
namespace text_impl {
int parse(int size);
}
/// A class may be called so.
struct lid_impl {
    int width;
};
/// The detailed one is for users.
int detailed(int size);
} // namespace box
