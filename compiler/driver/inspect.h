// Text of every stage of one function.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "driver/engine_state.h"

namespace kjit::driver {

std::string inspect(const std::shared_ptr<detail::EngineState>& engine, const std::string& path,
                    std::string_view function, std::string_view signature, Stage stage, std::string_view print_after);
// See Engine::build_ptx.
std::string build_ptx(const std::shared_ptr<detail::EngineState>& engine, const std::string& path);
// The same for a function of a module that is loaded.
std::string inspect(detail::ModuleState& module, std::string_view function, std::string_view signature, Stage stage,
                    std::string_view print_after);
// The text of a stage for a function that is loaded, and its argument types.
std::string emit(detail::EngineState& engine, const sema::FunctionRef& function, std::vector<sema::TypeRef> arguments,
                 Stage stage, std::string_view print_after,
                 const std::vector<detail::EngineState::Literal>* literals = nullptr);

}  // namespace kjit::driver
