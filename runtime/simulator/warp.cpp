// What the lanes of a warp get when they have met.
#include "simulator/block.h"

namespace kjit::rt::simulator {

namespace {

// The lane that a shuffle reads; -1: beyond the lane's segment.
int32_t source(const Meeting& own, int32_t lane) {
  const int32_t width =
      own.width > 0 && own.width < static_cast<int32_t>(kWarp) ? own.width : static_cast<int32_t>(kWarp);
  const int32_t low = lane / width * width, high = low + width - 1;
  int32_t from = lane;
  switch (own.operation) {
    case KJIT_SIM_SHFL:
      return low + (own.operand & (width - 1));
    case KJIT_SIM_SHFL_UP:
      from = lane - (own.operand & 31);
      return from < low ? -1 : from;
    case KJIT_SIM_SHFL_DOWN:
      from = lane + (own.operand & 31);
      break;
    default:
      from = lane ^ (own.operand & 31);
      break;
  }
  return from > high ? -1 : from;
}

}  // namespace

void answer(const std::vector<Thread*>& lanes, uint32_t taking_part) {
  uint32_t set = 0;
  for (uint32_t k = 0; k < kWarp; ++k)
    if ((taking_part >> k & 1) != 0 && lanes[k]->meeting.value != 0) set |= 1U << k;
  for (uint32_t k = 0; k < kWarp; ++k) {
    if ((taking_part >> k & 1) == 0) continue;
    Meeting& own = lanes[k]->meeting;
    uint32_t equal = 0;
    for (uint32_t other = 0; other < kWarp; ++other)
      if ((taking_part >> other & 1) != 0 && lanes[other]->meeting.value == own.value) equal |= 1U << other;
    own.flag = false;
    switch (own.operation) {
      case KJIT_SIM_SYNCWARP:
        break;
      case KJIT_SIM_ALL:
        own.result = set == taking_part;
        break;
      case KJIT_SIM_ANY:
        own.result = set != 0;
        break;
      case KJIT_SIM_EQ:
        own.result = set == 0 || set == taking_part;
        break;
      case KJIT_SIM_BALLOT:
        own.result = set;
        break;
      case KJIT_SIM_ACTIVEMASK:
        own.result = taking_part;
        break;
      case KJIT_SIM_MATCH_ANY:
        own.result = equal;
        break;
      case KJIT_SIM_MATCH_ALL:
        own.flag = equal == taking_part;
        own.result = own.flag ? taking_part : 0;
        break;
      default: {  // shuffles: what a lane that is not there holds is undefined; here it is the thread's own value
        const int32_t from = source(own, static_cast<int32_t>(k));
        own.flag = from >= 0;
        const bool there = from >= 0 && (taking_part >> from & 1) != 0;
        own.result = there ? lanes[static_cast<size_t>(from)]->meeting.value : own.value;
        break;
      }
    }
  }
}

}  // namespace kjit::rt::simulator
