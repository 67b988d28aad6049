#include <throng/throng.h>

#include <iostream>

int main() {
  const throng::Counter counter = throng::Counter::load_default();
  const throng::CountResult result = counter.count(throng::load_image("photo.jpg"));
  std::cout << result.count << " people\n";
}
