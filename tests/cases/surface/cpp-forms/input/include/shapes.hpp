#ifndef SHAPES_HPP
#define SHAPES_HPP
#include <string>
#define SHAPES_EXPORT __attribute__((visibility("default")))
#define SHAPES_TMP(x) #x
namespace shapes {
class SHAPES_EXPORT Base;
/** A base. */
class SHAPES_EXPORT Base {
public:
    /** Makes one. */
    Base() = default;
    Base(const Base &) = delete;
    Base &operator=(const Base &) = delete;
    virtual ~Base();
    /** Index. */
    int operator[](int i) const;
    /** Call. */
    int operator()(int a, int b);
    /** To bool. */
    explicit operator bool() const noexcept;
    operator std::string() const;
    Base *operator->();
    using value_type = int;
    using Other::swap;
    /** Colours. */
    enum class Colour { Red, /**< red one */ Green };
    struct Nested {
        int depth; ///< how deep
        struct Deep { int x; };
    };
    friend bool operator==(const Base &a, const Base &b) { return true; }
    friend void swap(Base &a, Base &b) {}
    int width = 0; /**< width of it */
    static constexpr int kMax = 10;
    template <class T> T get() const;
protected:
    int guarded;
private:
    enum { SECRET = 1 };
    enum Hidden { H1 };
    template <class T> void secret();
    Base(int);
    int hidden_;
};
class SHAPES_EXPORT Square final : public Base {
public:
    int side() const;
};
class [[nodiscard]] Round : public Base { public: int r(); };
class alignas(16) Aligned { public: int a(); };
class SHAPES_DEPRECATED("use Round") Old : public Base { public: int old(); };
template <typename T>
concept Drawable = requires(T t) { t.draw(); };
/** Draws. */
template <typename T> requires Drawable<T>
void draw(T t);
template <Drawable T>
void draw2(T t);
template <typename T>
    requires (sizeof(T) > 1)
struct Sized { int n; };
/** Holder. */
template <typename T> struct Holder { Holder(T); T value; };
template <typename T> Holder(T) -> Holder<T>;
template <> struct Holder<int> { int value; int extra; };
template <typename T> struct Holder<T *> { T *value; int ptr; };
template <> void draw2<int>(int t);
/** Alias. */
using Name = std::string;
template <typename T> using Vec = Holder<T>;
using std::swap;
/** Eq. */
bool operator==(const Square &a, const Square &b);
std::ostream &operator<<(std::ostream &, const Base &);
constexpr int operator""_sq(unsigned long long n);
inline constexpr int answer = 42;
inline namespace v1 { int versioned(); }
extern SHAPES_EXPORT int global_count;
[[nodiscard]] SHAPES_EXPORT int attr_fn(int a);
auto trailing(int a) -> std::string;
namespace detail { int hidden(); }
namespace { int anon(); }
SHAPES_BEGIN_NAMESPACE
int after_macro(int);
SHAPES_END_NAMESPACE
typedef void (*Callback)(int);
void operator delete(void *) = delete;
void forbidden(int) = delete;
}
#undef SHAPES_TMP
#endif
