#pragma once

#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <concepts>

/// What libtorch's optimizers keep, under the names that PyTorch has for it.
namespace troupe {

template <class T, class... Kinds>
concept one_of = (std::same_as<T, Kinds> || ...);

// -- options of a parameter group: visit(name, value) for each
// -------------------------------------

template <class Visit>
void visit_options(torch::optim::SGDOptions& o, Visit&& visit) {
  visit("lr", o.lr());
  visit("momentum", o.momentum());
  visit("dampening", o.dampening());
  visit("weight_decay", o.weight_decay());
  visit("nesterov", o.nesterov());
}

template <one_of<torch::optim::AdamOptions, torch::optim::AdamWOptions> Options, class Visit>
void visit_options(Options& o, Visit&& visit) {
  visit("lr", o.lr());
  visit("betas", o.betas());
  visit("eps", o.eps());
  visit("weight_decay", o.weight_decay());
  visit("amsgrad", o.amsgrad());
}

template <class Visit>
void visit_options(torch::optim::RMSpropOptions& o, Visit&& visit) {
  visit("lr", o.lr());
  visit("alpha", o.alpha());
  visit("eps", o.eps());
  visit("weight_decay", o.weight_decay());
  visit("momentum", o.momentum());
  visit("centered", o.centered());
}

template <class Visit>
void visit_options(torch::optim::AdagradOptions& o, Visit&& visit) {
  visit("lr", o.lr());
  visit("lr_decay", o.lr_decay());
  visit("weight_decay", o.weight_decay());
  visit("initial_accumulator_value", o.initial_accumulator_value());
  visit("eps", o.eps());
}

// -- state of a parameter: visit(name, value), and for tensors whether the options need it
// ---------

template <class Visit>
void visit_state(torch::optim::SGDParamState& s, const torch::optim::SGDOptions& o, Visit&& visit) {
  visit("momentum_buffer", s.momentum_buffer(), o.momentum() != 0);
}

template <one_of<torch::optim::AdamParamState, torch::optim::AdamWParamState> State,
          one_of<torch::optim::AdamOptions, torch::optim::AdamWOptions> Options, class Visit>
void visit_state(State& s, const Options& o, Visit&& visit) {
  visit("step", s.step());
  visit("exp_avg", s.exp_avg(), true);
  visit("exp_avg_sq", s.exp_avg_sq(), true);
  visit("max_exp_avg_sq", s.max_exp_avg_sq(), o.amsgrad());
}

template <class Visit>
void visit_state(torch::optim::RMSpropParamState& s, const torch::optim::RMSpropOptions& o,
                 Visit&& visit) {
  visit("step", s.step());
  visit("square_avg", s.square_avg(), true);
  visit("momentum_buffer", s.momentum_buffer(), o.momentum() > 0);
  visit("grad_avg", s.grad_avg(), o.centered());
}

template <class Visit>
void visit_state(torch::optim::AdagradParamState& s, const torch::optim::AdagradOptions&,
                 Visit&& visit) {
  visit("step", s.step());
  visit("sum", s.sum(), true);
}

} // namespace troupe
