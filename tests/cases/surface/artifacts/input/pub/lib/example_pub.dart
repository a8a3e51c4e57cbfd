/// A thing.
class Thing {}
